/** Texts of the kind that hold-back could get wrong: whole findings, their beginnings and ends, and what they are mistaken for. */
const WORDS = [
  "the",
  "of ",
  "In 2024",
  "12:30",
  "v1.2.3",
  "$4,000",
  "e.g.",
  "a-b",
  "—",
  "日本語",
  "x",
  "😀",
  "I",
  "OK",
  "\\",
  "\\n",
  "\\u00",
];
const RANDOM = "r8Xk2mQ7vZp4LwTn9cYb3Hd6sJf1Ga5Ue0Ko";
const FINDINGS = [
  `ghp_${RANDOM}`,
  `AKIA${"Q3EGR5XJ7TWZ2MNB"}`,
  `"api_key": "${RANDOM.slice(0, 24)}"`,
  `STRIPE_SECRET_KEY=${RANDOM}`,
  `password: "hunter2!Blue7"`,
  `Authorization: Bearer ${RANDOM}${RANDOM}`,
  "postgres://app:s3cr3tPw9@db.example.com:5432/app",
  "https://user:s3cr3tPw9@example.com/x",
  "Server=db;User Id=sa;Password=Gr33n7ree!;Database=x;",
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${RANDOM}`,
  "DE89 3704 0044 0532 0130 00",
  "GB29 NWBK 6016 1331 9268 19",
  "gb29nwbk60161331926819",
  "SSN 078-05-1120",
  "my social security number is 536-90-4399",
  "536 - 90 - 4399",
  "SSN 536\r\n90\r\n4399",
  "4012 8888\n    8888 1881",
  "4012 - 8888 - 8888 - 1881",
  "NINO AB 12 34 56 C",
  "passport no. 123456789",
  "NHS 943 476 5919",
  "Steuer-ID 86 095 742 719",
  "NIR 1 84 12 76 451 089 46",
  "PESEL 44051401359",
  "Aadhaar 2345 6789 0124",
  "CPF 111.444.777-35",
  "+1 (415) 555-2671",
  "(415) 555-2671 ext. 123",
  "call 0171 1234567 or +49 30 901820",
  "phone: 415-555-2671",
  "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
  "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe",
  "192.168.17.23",
  "2001:0db8:85a3::8a2e:0370:7334",
  "00:1A:2B:3C:4D:5E",
  "001A.2B3C.4D5E",
  "date of birth: 1985-03-05",
  "born on March 5th, 1985",
  "DOB 5 September 1985",
  "https://example.com/a/b?c=d#e",
  "www.example.co.uk/path",
  "alice@example.com",
  "bob.smith+x@mail.example.co.uk",
  "4111111111111111",
  "4111 1111 1111 1111",
  "4012-8888-8888-1881",
  "3782 822463 10005",
  "５１０５ 1051 0510 5100",
  "4111\u200b1111 1111 1111",
  "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8Pz\n-----END PRIVATE KEY-----",
  "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIGr\nMHcCAQEEIIGr3mC1\n",
  "PuTTY-User-Key-File-2: ssh-rsa\r\nEncryption: none\r\nPrivate-Lines: 1\r\nAAAAgQCqXM\r\nPrivate-MAC: 0f3c9a",
  "Blue Heron Rising",
  "blue  heron\nrising",
  "blue whale",
  "PRJ-7",
  "PRJ-7x",
  "ababab",
  "\ud835\udfd2111 1111 1111 1111",
  "git@host:repo",
  "user@host.",
  "ab\u00adab",
];
const SEPARATORS = [
  " ",
  " ",
  " ",
  "\n",
  ", ",
  "",
  "",
  ": ",
  "\t",
  "-",
  ".",
  "\n\n",
  "  ",
  "\u200b",
  "\u00a0",
  "'",
  '"',
  "/",
  "@",
];

const bytes = (text, encoding) => Buffer.from(text).toString(encoding);
/** The same in other letters; most stay as they are. */
const ENCODINGS = [
  ...Array(12).fill((text) => text),
  (text) => bytes(text, "base64"),
  (text) => bytes(text, "base64url"),
  (text) => bytes(text, "hex"),
  (text) => bytes(text.repeat(3), "base64").replace(/.{64}/g, "$&\n"),
  (text) => bytes(text.repeat(2), "base64").replace(/.{20}/g, "$&\n  "),
  (text) => bytes(text, "hex").replace(/.{25}/g, "$&\r\n"),
  (text) => bytes(bytes(text, "base64"), "base64"),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => `\\n${text}\\n`,
  (text) => text.replace(/[^A-Za-z]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`),
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => text.replace(/\W/g, (one) => `&#${one.charCodeAt(0)};`),
  (text) => text.replace(/\d/g, (one) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(one)]),
  (text) => text.replace(/(?<=[58])/g, "\u2800"),
  (text) => text.replace(/@/g, "&commat;").replace(/ /g, "&nbsp;"),
];

/** mulberry32: the same seed gives the same numbers everywhere. */
function numbers(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `long`: the share of texts of some thousand characters. */
function randomText(seed, { long = 0.05 } = {}) {
  const next = numbers(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const parts = [];
  const most = next() < long ? 300 : 14;
  for (let count = 1 + Math.floor(next() * most); count > 0; count -= 1) {
    const finding = pick(ENCODINGS)(pick(FINDINGS));
    const kind = next();
    if (kind < 0.35) parts.push(finding);
    else if (kind < 0.5) parts.push(finding.slice(0, Math.ceil(next() * finding.length)));
    else if (kind < 0.6) parts.push(finding.slice(Math.floor(next() * finding.length)));
    else parts.push(pick(WORDS));
    parts.push(pick(SEPARATORS));
  }
  return parts.join("");
}

/** Deltas of one to seven characters mostly; some longer, some empty. */
function randomDeltas(text, seed) {
  const next = numbers(seed + 0.5);
  const deltas = [];
  for (let at = 0; at < text.length;) {
    const length = next() < 0.1 ? Math.floor(next() * 60) : 1 + Math.floor(next() * 7);
    deltas.push(text.slice(at, at + length));
    at += length;
  }
  return deltas;
}

module.exports = { FINDINGS, numbers, randomDeltas, randomText };
