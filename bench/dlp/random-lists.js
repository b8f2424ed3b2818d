const { seeded } = require("./random");

const UUID = "{h:8}-{h:4}-{h:4}-{h:4}-{h:12}";
/** [what it is, one line of it]: random values that nobody has to hide. */
const LINES = [
  ["UUIDs", UUID],
  ["rows with ids", `{"id": "${UUID}", "parentId": "${UUID}", "name": "item {9:4}"}`],
  ["commits", "commit {h:40}\nAuthor: A. Person <a@example.org>\n\n    Rotate the token ({h:8})\n"],
  ["checksums", "{h:64}  auth-{9:3}.tar.gz"],
  ["lock file", '"node_modules/token-{9:3}": {"version": "1.{9:2}.0", "integrity": "sha512-{w:86}=="},'],
  ["module sums", "golang.org/x/oauth2 v0.{9:2}.0 h1:{w:43}="],
  ["base64 in lines", "{w:76}"],
  ["traces", '{"traceId":"{h:32}","spanId":"{h:16}","service":"checkout"}'],
  ["images", "FROM registry.example.com/token-service@sha256:{h:64}"],
  ["assets", '<link href="/static/main.{h:8}.chunk.css"><script nonce="{w:22}" src="/auth.{h:8}.js"></script>'],
];

/** For each kind: its name, and `length` characters of it. A font in a style sheet is one line. */
exports.randomLists = function randomLists(length) {
  const random = seeded(11);
  const font = ["font", `@font-face{src:url(data:font/woff2;base64,${random.run("w", length)})}`];
  return [...LINES.map(([name, line]) => [name, lines(random, line, length)]), font];
};

function lines(random, line, length) {
  const written = [];
  for (let size = 0; size < length; size += written.at(-1).length + 1) written.push(random.fill(line));
  return written.join("\n");
}
