import { createHash } from "node:crypto";
import type { Detector, Finding } from "../../../lib/ports/detector";
import { contextOf, surroundingsOf } from "../context-words";
import { unbrokenRunAt } from "./unbroken-run";

const ENTITY = "CRYPTO_WALLET";
const MAX_LENGTH = 130;
/** Bitcoin, Litecoin, Dogecoin, Dash, Tron and Ripple in base58; they carry their own check. */
const BASE58 = /(?<![A-Za-z0-9_+/-])[13LMDXTr9A][1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9_+/=-])/g;
/** Bitcoin, Litecoin and Cardano in bech32. */
const BECH32 = /(?<![A-Za-z0-9])(?:(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,87}|(?:BC|TB|LTC)1[02-9AC-HJ-NP-Z]{11,87}|addr1[02-9ac-hj-np-z]{50,110})(?![A-Za-z0-9])/g; // prettier-ignore
const ETHEREUM = /(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])/g;
const MONERO = /(?<![A-Za-z0-9])[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?![A-Za-z0-9])/g;
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
const BECH32_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CONTEXT = contextOf("wallet|btc|bitcoin|crypto|eth|ethereum|address|send|pay|deposit|monero|xmr");

/** Addresses to which cryptocurrency is sent. */
export function cryptoWalletDetector(): Detector {
  return Object.freeze({
    name: "crypto-wallet",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt: (text: string) => unbrokenRunAt(text, MAX_LENGTH),
  });
}

function detect(text: string): readonly Finding[] {
  return [
    ...matches(text, BASE58, "base58", isBase58Check, 0.95),
    ...matches(text, BECH32, "bech32", isBech32, 0.95),
    ...matches(text, ETHEREUM, "ethereum", (address) => !/^0x(.)\1*$/.test(address), 0.5),
    ...matches(text, MONERO, "monero", () => true, 0.6),
  ];
}

function* matches(
  text: string,
  pattern: RegExp,
  rule: string,
  check: (address: string) => boolean,
  base: number,
): Generator<Finding> {
  for (const { 0: address, index } of text.matchAll(pattern)) {
    if (!check(address)) continue;
    const end = index + address.length;
    const context = surroundingsOf(text, index, end).has(CONTEXT);
    yield { entity: ENTITY, rule, start: index, end, score: base < 0.9 && context ? base + 0.35 : base, context };
  }
}

/** Whether the last four of 25 bytes are the double hash of the others. */
function isBase58Check(address: string): boolean {
  const alphabet = address.startsWith("r") ? RIPPLE : ALPHABET;
  let number = 0n;
  for (const character of address) {
    const value = alphabet.indexOf(character);
    if (value === -1) return false;
    number = number * 58n + BigInt(value);
  }
  const bytes = Buffer.from(number.toString(16).padStart(50, "0"), "hex");
  const body = bytes.subarray(0, 21);
  return bytes.length === 25 && sha256(sha256(body)).subarray(0, 4).equals(bytes.subarray(21));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** The checksum of BIP 173, or of BIP 350. */
function isBech32(address: string): boolean {
  const lower = address.toLowerCase();
  const split = lower.lastIndexOf("1");
  const prefix = [...lower.slice(0, split)].map((character) => character.charCodeAt(0));
  const data = [...lower.slice(split + 1)].map((character) => BECH32_ALPHABET.indexOf(character));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  const remainder = values.reduce(divide, 1);
  return remainder === 1 || remainder === 0x2bc830a3;
}

function divide(remainder: number, value: number): number {
  const top = remainder >>> 25;
  const next = ((remainder & 0x1ffffff) << 5) ^ value;
  return GENERATOR.reduce((sum, term, bit) => ((top >> bit) & 1 ? sum ^ term : sum), next);
}
