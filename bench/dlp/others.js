/** Looks for a package that may not be installed: `BENCH_MODULES=/some/folder/node_modules` adds a place to look. */
function optional(name) {
  const paths = [process.cwd(), ...(process.env.BENCH_MODULES ? [process.env.BENCH_MODULES] : [])];
  try {
    return require(require.resolve(name, { paths }));
  } catch {
    return null;
  }
}

async function secretlint() {
  const core = optional("@secretlint/core");
  const preset = optional("@secretlint/secretlint-rule-preset-recommend");
  if (core === null || preset === null) return null;
  const config = { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: preset.creator }] };
  return (content) =>
    core.lintSource({ source: { filePath: "/a.txt", content, ext: ".txt", contentType: "text" }, options: { config } });
}

async function redactPii() {
  const library = optional("redact-pii");
  if (library === null) return null;
  const redactor = new library.SyncRedactor();
  return async (text) => redactor.redact(text);
}

async function openRedaction() {
  const library = optional("openredaction");
  if (library === null) return null;
  const redactor = new library.OpenRedaction();
  return (text) => redactor.detect(text);
}

/** Other packages that do a part of the same, ready to run on a text; null for what is not installed. */
exports.others = async () => ({
  "@secretlint/secretlint-rule-preset-recommend": await secretlint(),
  "redact-pii": await redactPii(),
  openredaction: await openRedaction(),
});
