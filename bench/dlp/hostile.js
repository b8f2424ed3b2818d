const { seeded } = require("./random");

const PIECES = ["a", "A", "1", "1 ", "12 ", "123 ", "1234 ", "12345678901 ", "1-", "11-", "111-", "1.", "a.", "a1", "aA1", ":", "1:1:", "@", "a.a@", "=", "|", "_", "token_", "pat", "sk-", "eyJ", "eyJa.", "ghp_a", "key=a1", "token = a1B2c3D4e5F6 ", "abuseipdb_key=a1b2c3d4e5f6a7b8 ", "password=a;", "Password=a;", "Server=a;Password=b1;", "://a:b", "http://", "www.", "a.com", "curl -u a", "DE89 ", "+1 ", "(1", "born 1 ", "born1", "AB 12 ", "A1B2", "0x", "bc1", "192.168.1.", "fe80:", "00:1A:", "-----BEGIN ", "\n", "é", "\ud83d", "\u200b", "AAAA", "DE 12 ", "4111111111111111 ", "DE89370400440532013000 ", "::1 ", "1.1.1.1 ", "tel 1234567 ", "x://a:b@c", "a@a.", "dob 1/1/2000 ", "passport AB123456 ", "curl -u a:b "]; // prettier-ignore

/** The same for texts that repeat nothing: what is drawn anew each time, as `fill` of random.js reads it. */
const TEMPLATES = ["{9:1}", "{9:3} ", "{9:4} ", "{9:4}-", "{9:10} ", "4{9:15} ", "{9:3}-{9:2}-{9:4} ", "{9:6}-{9:4} ", "{9:3}.{9:3}.{9:3}.{9:3} ", "+{9:2} {9:3} {9:7} ", "({9:3}) {9:3}-{9:4} ", "born {9:1}/{9:1}/{9:4} ", "{A:1}", "{w:1}", "{u:1}", "{A:2} {9:2} ", "{A:2}{9:2} {9:4} {9:4} ", "DE{9:20} ", "{A:2}{9:7} ", "{A:5}{9:4}{A:1} ", "{X:10} ", "{w:20} ", "key={w:20} ", "password={w:8};", "{h:4}:", "{a:4}@{a:4}.{a:2} "]; // prettier-ignore

/** Texts of `length` characters that patterns dread, by the piece that each repeats. */
exports.hostileTexts = (length) =>
  PIECES.map((piece) => ({ piece, text: piece.repeat(Math.ceil(length / piece.length)).slice(0, length) }));

/** Texts of `length` characters that look like what is sought, by the template that each is drawn from. */
exports.randomTexts = (length) => {
  const random = seeded(13);
  return TEMPLATES.map((piece) => {
    const parts = [];
    for (let size = 0; size < length; size += parts.at(-1).length) parts.push(random.fill(piece));
    return { piece, text: parts.join("").slice(0, length) };
  });
};
