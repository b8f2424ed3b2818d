const fs = require("node:fs");
const path = require("node:path");

const SOURCE = /\.(?:c?js|mjs|ts|json|md)$/;
const LARGEST = 300_000;

/** Up to `limit` characters of what other people wrote and published, from node_modules. */
exports.cleanCode = function* cleanCode(limit) {
  const root = path.join(__dirname, "../../node_modules");
  let read = 0;
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !SOURCE.test(entry.name) || fs.statSync(file).size > LARGEST) continue;
    const text = fs.readFileSync(file, "utf8");
    read += text.length;
    yield { file: path.relative(root, file), text };
    if (read > limit) return;
  }
};
