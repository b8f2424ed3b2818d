const path = require("node:path");

/** The built files: `dist`, or what LLM_GATE_BUILD names. */
const build = path.join(__dirname, "../..", process.env.LLM_GATE_BUILD ?? "dist");

exports.built = (file) => require(path.join(build, file));
exports.COMMAND = path.join(build, "bin/llm-gate.js");
