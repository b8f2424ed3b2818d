const { labelledSet } = require("./labelled-set");
const { seeded } = require("./random");

const PROSE =
  "The committee met on Tuesday to discuss the plans for the new library, which will stand beside the river. Several members asked how the costs had been estimated, and the treasurer explained the method in some detail. ";
const CODE =
  'export async function loadPage(request, options = {}) {\n  const { limit = 50, offset = 0 } = options;\n  const rows = await store.query("select id, name from pages where site = ? limit ?", [request.site, limit]);\n  return rows.map((row) => ({ ...row, url: `/pages/${row.id}` }));\n}\n';
const LOG =
  '2024-05-17T10:32:11.482Z info request handled {"method":"GET","path":"/v1/items/4711","status":200,"ms":12.4}\n';

/** Prose, code and logs with one labelled text in about every six hundred characters: `length` characters in all. */
exports.mixedText = function mixedText(length) {
  const random = seeded(7);
  const labelled = labelledSet().filter(({ labels }) => labels.length > 0);
  const parts = [];
  for (let size = 0; size < length;) {
    const part = `${random.pick([PROSE, CODE, LOG.repeat(2)])}${random.pick([PROSE, CODE, LOG])}${random.pick(labelled).text}\n`;
    parts.push(part);
    size += part.length;
  }
  return Buffer.from(parts.join("").slice(0, length)).toString();
};
