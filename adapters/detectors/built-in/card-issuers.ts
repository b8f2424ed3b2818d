interface Issuer {
  /** First digits, as an inclusive range of prefixes of equal length. */
  readonly from: string;
  readonly to: string;
  readonly lengths: readonly number[];
}

const LONG = [16, 17, 18, 19];
const MAESTRO = [12, 13, 14, 15, 16, 17, 18, 19];

/** Issuer identification ranges and number lengths of the card networks, as they publish them. */
const ISSUERS: readonly Issuer[] = [
  { from: "4", to: "4", lengths: [13, 16, 19] }, // Visa
  { from: "51", to: "55", lengths: [16] }, // Mastercard
  { from: "2221", to: "2720", lengths: [16] },
  { from: "34", to: "34", lengths: [15] }, // American Express
  { from: "37", to: "37", lengths: [15] },
  { from: "300", to: "305", lengths: [14, 16, 19] }, // Diners Club
  { from: "3095", to: "3095", lengths: [14, 16, 19] },
  { from: "36", to: "36", lengths: [14, 16, 19] },
  { from: "38", to: "39", lengths: [14, 16, 19] },
  { from: "6011", to: "6011", lengths: LONG }, // Discover
  { from: "644", to: "649", lengths: LONG },
  { from: "65", to: "65", lengths: LONG },
  { from: "3528", to: "3589", lengths: LONG }, // JCB
  { from: "62", to: "62", lengths: LONG }, // UnionPay
  { from: "81", to: "81", lengths: LONG },
  { from: "60", to: "60", lengths: [16] }, // RuPay
  { from: "82", to: "82", lengths: [16] },
  { from: "508", to: "508", lengths: [16] },
  { from: "2200", to: "2204", lengths: LONG }, // Mir
  { from: "9792", to: "9792", lengths: [16] }, // Troy
  { from: "5018", to: "5020", lengths: MAESTRO }, // Maestro, Dankort
  { from: "5038", to: "5038", lengths: MAESTRO },
  { from: "5893", to: "5893", lengths: MAESTRO },
  { from: "6304", to: "6304", lengths: MAESTRO },
  { from: "6759", to: "6759", lengths: MAESTRO },
  { from: "6761", to: "6763", lengths: MAESTRO },
  { from: "1", to: "1", lengths: [15] }, // UATP
];

const SHORTEST = 12;
const PREFIX_DIGITS = 4;
const ISSUED = issued();

/** Whether any network issues numbers of this length, 12 to 19, that begin with these four digits. */
export function isIssued(prefix: number, length: number): boolean {
  return (((ISSUED[prefix] ?? 0) >> (length - SHORTEST)) & 1) === 1;
}

/** For every four first digits a bit for each length. */
function issued(): Uint8Array {
  const table = new Uint8Array(10 ** PREFIX_DIGITS);
  for (const { from, to, lengths } of ISSUERS) {
    const bits = lengths.reduce((sum, length) => sum | (1 << (length - SHORTEST)), 0);
    const last = Number(to.padEnd(PREFIX_DIGITS, "9"));
    for (let prefix = Number(from.padEnd(PREFIX_DIGITS, "0")); prefix <= last; prefix++) {
      table[prefix] = (table[prefix] ?? 0) | bits;
    }
  }
  return table;
}
