const SENTENCES = [
  "The quarterly report covers {9:3} pages and {9:2} appendices.",
  "Order {9:8} was shipped on 2024-0{9:1}-1{9:1} at 10:3{9:1}.",
  "See section {9:1}.{9:2}.{9:1} of RFC {9:4} for the details.",
  "Commit {h:40} fixes the build.",
  'const id = "{h:8}-{h:4}-{h:4}-{h:4}-{h:12}";',
  '"integrity": "sha512-{w:86}=="',
  "version 1{9:1}.{9:2}.{9:1}-beta.{9:1} requires Node >= 20.{9:1}.0",
  "for (let at = 0; at < {9:4}; at++) total += values[at];",
  'import { createServer } from "node:http"; // line {9:3}',
  "The temperature fell to {9:2}.{9:1} degrees, {9:1}% below the mean.",
  "git checkout {h:7} && npm run test -- --seed {9:5}",
  "SELECT name, total FROM orders WHERE id = {9:6} LIMIT {9:2};",
  'etag: W/"{h:16}", age: {9:4}',
  '<svg viewBox="0 0 {9:3} {9:3}"><path d="M{9:2} {9:2}L{9:3} {9:2}"/></svg>',
  "Chapter {9:2}: how the {9:3} villages met, in {9:2} scenes.",
  "at Object.run (/srv/app/dist/index.js:{9:3}:{9:2})",
  "score = 0.{9:8}, loss = 1.{9:6}e-0{9:1}",
  "color: #{h:6}; margin: {9:2}px {9:2}px;",
  "Il a plu pendant {9:2} jours, puis {9:1} semaines de soleil.",
  "Der Zug fährt um 1{9:1}:{9:2} Uhr von Gleis {9:1}.",
  "password: string; // set by the caller",
  "token count: {9:5}, budget: {9:4}",
  "const key = cacheKey(user, page, {9:3});",
  "The key to success is patience, said {9:2} of {9:3} readers.",
];

/** Prose, code and logs in which nothing is to be found. */
exports.cleanCases = (random, per) =>
  SENTENCES.flatMap((sentence) =>
    Array.from({ length: per }, () => ({ text: random.fill(sentence), labels: [], about: "clean" })),
  );
