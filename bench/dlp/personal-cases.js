const { luhn } = require("./check-digits");
const { IDENTIFIER_KINDS } = require("./identifier-kinds");

const SAID = [
  (label, code) => `My ${label} is ${code}, thanks.`,
  (label, code) => `${label}: ${code}`,
  (label, code) => `{"${label}": "${code}", "active": true}`,
  (label, code) => `Please check the ${label} ${code} before Friday.`,
];
const NEUTRAL = [
  (code) => `Parcel ${code} left the warehouse.`,
  (code) => `{"batch": "${code}", "lines": 12}`,
  (code) => `build ${code} finished in 32 s`,
];

/** Whose check is a rule on dates or ranges alone, or of whose form so much is prescribed that a wrong digit hides nothing. */
const UNCHECKED =
  "US_SSN KR_RRN KR_FRN DK_CPR_NUMBER DE_VAT_ID IT_FISCAL_CODE IN_GSTIN SG_NRIC_FIN UK_DRIVING_LICENCE UK_VEHICLE_REGISTRATION".split(
    " ",
  );

const MOST_DRAWS = 100_000;

/** Draws until the check holds; throws where no draw passes, so that a wrong check or template ends the run. */
function drawnUntil(draw, check) {
  for (let tries = 0; tries < MOST_DRAWS; tries++) {
    const value = draw();
    if (check(value)) return value;
  }
  throw new Error(`nothing drawn passes the check: ${draw()}`);
}

/** A code without a check is any. */
function drawn(random, template, check) {
  const draw = () => random.fill(template);
  return check === null ? draw() : drawnUntil(draw, (written) => check(written.replace(/[^A-Za-z0-9]/g, "")));
}

/** The same with a check that fails: one digit is another. Null where digits are free. */
function broken(random, written, check) {
  for (let tries = 0; tries < 40; tries++) {
    const at = random.below(written.length);
    if (!/\d/.test(written[at])) continue;
    const changed = written.slice(0, at) + ((Number(written[at]) + 1 + random.below(9)) % 10) + written.slice(at + 1);
    if (!check(changed.replace(/[^A-Za-z0-9]/g, ""))) return changed;
  }
  return null;
}

const labelled = (entity, text, value) => ({
  text,
  labels: [{ entity, start: text.indexOf(value), end: text.indexOf(value) + value.length }],
  about: entity,
});
const clean = (entity, text) => ({ text, labels: [], about: entity });

function identifierCases(random, per) {
  return IDENTIFIER_KINDS.flatMap(([entity, template, check, labels, weak]) =>
    Array.from({ length: per }, (_, at) => {
      const value = drawn(random, template, check);
      const cases = [labelled(entity, SAID[at % SAID.length](random.pick(labels), value), value)];
      const wrong = check === null || UNCHECKED.includes(entity) ? null : broken(random, value, check);
      if (wrong !== null) cases.push(clean(entity, SAID[at % SAID.length](random.pick(labels), wrong)));
      if (weak === "weak") cases.push(clean(entity, random.pick(NEUTRAL)(value)));
      return cases;
    }).flat(),
  );
}

const MONTHS = ["January", "March", "May", "August", "October"];
const CARD_STARTS = [
  ["4", 16],
  ["51", 16],
  ["34", 15],
  ["6011", 16],
  ["3530", 16],
];

function cardNumber(random) {
  return drawnUntil(() => {
    const [start, length] = random.pick(CARD_STARTS);
    return start + random.run("9", length - start.length);
  }, luhn);
}

function iban(random) {
  const bban = random.run("9", 18);
  const check = 98n - (BigInt(`${bban}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${bban}`;
}

const grouped = (digits, size) => digits.match(new RegExp(`.{1,${size}}`, "g")).join(" ");

/** [entity, a value, a look-alike], each drawn anew. */
const GENERAL = [
  [
    "EMAIL_ADDRESS",
    (r) => `${r.run("a", 6)}.${r.run("a", 5)}@${r.run("a", 7)}.example.org`,
    (r) => `${r.run("a", 6)}@${r.below(9)}.${r.below(9)}.${r.below(9)}`,
  ],
  ["CREDIT_CARD", (r) => (r.below(2) ? cardNumber(r) : grouped(visa(r), 4)), (r) => brokenCard(r)],
  [
    "IBAN_CODE",
    (r) => (r.below(2) ? iban(r) : grouped(iban(r), 4)),
    (r) => iban(r).replace(/.$/, (d) => String((Number(d) + 1) % 10)),
  ],
  [
    "PHONE_NUMBER",
    (r) =>
      r.pick([
        `+1 ${nanp(r, " ")}`,
        `(${area(r)}) ${area(r)}-${r.run("9", 4)}`,
        nanp(r, "-"),
        nanp(r, "."),
        `+49 30 ${r.run("9", 7)}`,
        `+44 20 7${r.run("9", 3)} ${r.run("9", 4)}`,
        `+33 6 ${grouped(r.run("9", 8), 2)}`,
        `020 7${r.run("9", 3)} ${r.run("9", 4)}`,
        `+91 98${r.run("9", 3)} ${r.run("9", 5)}`,
      ]),
    (r) =>
      r.pick([
        `2024-0${1 + r.below(9)}-1${r.below(9)}`,
        `1${r.run("9", 9)}123`,
        `v${r.below(9)}.${r.below(99)}.${r.below(99)}`,
      ]),
  ],
  [
    "IP_ADDRESS",
    (r) =>
      r.pick([
        `10.${r.below(255)}.${r.below(255)}.${1 + r.below(254)}`,
        `2001:db8:${r.run("h", 4)}::${1 + r.below(9)}`,
        `fe80::${r.run("h", 4)}:${r.run("h", 4)}`,
      ]),
    (r) => r.pick([`1.${r.below(99)}.${r.below(99)}`, `${r.below(24)}:30:15`, "300.1.2.3", "std::vector::at"]),
  ],
  [
    "MAC_ADDRESS",
    (r) =>
      Array.from({ length: 6 }, () => r.run("h", 2))
        .join(r.pick([":", "-"]))
        .replace(/^../, "3c"),
    (r) => Array.from({ length: 5 }, () => r.run("h", 2)).join(":"),
  ],
  [
    "URL",
    (r) =>
      r.pick([
        `https://${r.run("a", 8)}.example.com/${r.run("x", 6)}?q=1`,
        `http://www.${r.run("a", 9)}.org/`,
        `www.${r.run("a", 6)}.net`,
      ]),
    (r) => r.pick([`${r.run("a", 6)}.py`, `${r.run("a", 5)}.test.js`, "e.g. this"]),
  ],
  [
    "CRYPTO_WALLET",
    (r) =>
      r.pick([
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        `0x${r.run("h", 40)}`,
      ]),
    (r) => r.pick(["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", `0x${r.run("h", 39)}`, `1${r.run("w", 30)}0l`]),
  ],
];

function area(random) {
  return `${2 + random.below(8)}${2 + random.below(8)}${random.below(10)}`;
}

const nanp = (random, separator) => [area(random), area(random), random.run("9", 4)].join(separator);

const sixteen = (random) => `4${random.run("9", 15)}`;
const visa = (random) => drawnUntil(() => sixteen(random), luhn);
const brokenCard = (random) =>
  drawnUntil(
    () => sixteen(random),
    (digits) => !luhn(digits),
  );

const AROUND = [
  (value) => `Here it is: ${value}.`,
  (value) => `I noted ${value} yesterday`,
  (value) => `{"value": "${value}"}`,
  (value) => `<td>${value}</td>`,
];

function generalCases(random, per) {
  const drawnCases = GENERAL.flatMap(([entity, value, lookAlike]) =>
    Array.from({ length: per }, () => {
      const found = value(random);
      return [
        labelled(entity, random.pick(AROUND)(found), found),
        clean(entity, random.pick(AROUND)(lookAlike(random))),
      ];
    }).flat(),
  );
  const births = Array.from({ length: per }, () => {
    const date = random.pick([
      `${1 + random.below(28)} ${random.pick(MONTHS)} 19${50 + random.below(50)}`,
      `19${50 + random.below(50)}-0${1 + random.below(9)}-1${random.below(9)}`,
    ]);
    const label = random.pick(["born on", "date of birth:", "DOB", "geboren am"]);
    return [
      labelled("DATE_OF_BIRTH", `She was ${label} ${date}.`, date),
      clean("DATE_OF_BIRTH", `It was released on ${date}.`),
    ];
  }).flat();
  return [...drawnCases, ...births];
}

/** Labelled texts about persons, with near misses; `per` of each kind. */
exports.personalCases = (random, per) => [...identifierCases(random, per), ...generalCases(random, 2 * per)];
