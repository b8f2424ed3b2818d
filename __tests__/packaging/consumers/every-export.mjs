import { createRequire } from "node:module";
import assert from "node:assert/strict";

const require = createRequire(import.meta.url);
const { name, exports: entries } = require("express-llm-gate/package.json");

for (const entry of Object.keys(entries)) {
  if (entry === "./package.json") continue;
  const specifier = entry.replace(".", name);
  const imported = await import(specifier);
  const named = Object.keys(imported).filter(
    (key) => key !== "default" && key !== "module.exports" && key !== "__esModule",
  );
  assert.ok(named.length > 0, `${specifier} has no export that an ES module can import by name`);
  assert.deepEqual(named.sort(), Object.keys(require(specifier)).sort(), `${specifier}: import and require differ`);
}
