import { Denial } from "../denial";

const UNITS = [
  { name: "MB", bytes: 1024 * 1024 },
  { name: "KB", bytes: 1024 },
] as const;

/** The refusal of a body above the limit, which its sentence names in documented form (contract: error envelopes). */
export function bodyTooLarge(maxBytes: number): Denial {
  return new Denial("body_too_large", {
    reason: "body_too_large",
    message: `Request body too large. Maximum size is ${inWords(maxBytes)}.`,
  });
}

/** Two decimals at most, never rounded up: what is said to fit does fit. */
function inWords(bytes: number): string {
  const unit = UNITS.find((candidate) => bytes >= candidate.bytes);
  if (!unit) return `${bytes} bytes`;
  return `${Math.floor((bytes / unit.bytes) * 100) / 100} ${unit.name}`;
}
