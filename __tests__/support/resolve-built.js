const path = require("node:path");

const root = path.join(__dirname, "../..");
const build = path.join(root, process.env.LLM_GATE_BUILD ?? "dist");
const { exports: entries } = require("../../package.json");

/** `../lib/x` from a test or an example, and the package's own name, mean the built files. */
module.exports = function resolveBuilt(request, options) {
  if (request === "express-llm-gate" || request.startsWith("express-llm-gate/")) {
    const entry = entries[request.replace("express-llm-gate", ".")];
    if (entry) return path.join(build, path.relative("./dist", entry.default));
  }
  const target = request.startsWith(".") ? path.relative(root, path.resolve(options.basedir, request)) : "";
  const fromSource = /^(lib|adapters|bin)\//.test(target);
  return fromSource
    ? options.defaultResolver(path.join(build, target), options)
    : options.defaultResolver(request, options);
};
