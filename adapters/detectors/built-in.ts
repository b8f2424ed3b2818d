import type { Detector } from "../../lib/ports/detector";
import { creditCardDetector } from "./built-in/credit-card";
import { emailAddressDetector } from "./built-in/email-address";
import { privateKeyDetector } from "./built-in/private-key";

/** What the gate finds without being given anything: `EMAIL_ADDRESS`, `CREDIT_CARD`, `PRIVATE_KEY`. */
export function builtInDetectors(): readonly Detector[] {
  return Object.freeze([emailAddressDetector(), creditCardDetector(), privateKeyDetector()]);
}
