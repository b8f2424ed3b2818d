const fs = require("node:fs");
const path = require("node:path");

const SOURCE = /\.(?:c?js|mjs|ts|json|md)$/;
/** What people did not write, and what tests need secrets for. */
const NO_SOURCE = /\.min\.|package-lock|[\\/](?:tests?|__tests__|fixtures?)[\\/]/;
const LARGEST = 300_000;

/** Up to `limit` characters of what other people wrote and published, from node_modules. */
exports.cleanCode = function* cleanCode(limit) {
  const root = path.join(__dirname, "../../node_modules");
  let read = 0;
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !SOURCE.test(entry.name) || NO_SOURCE.test(file) || fs.statSync(file).size > LARGEST)
      continue;
    const text = fs.readFileSync(file, "utf8");
    read += text.length;
    yield { file: path.relative(root, file), text };
    if (read > limit) return;
  }
};
