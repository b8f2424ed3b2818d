import type { Detector } from "../../lib/ports/detector";
import { creditCardDetector } from "./built-in/credit-card";
import { cryptoWalletDetector } from "./built-in/crypto-wallet";
import { dateOfBirthDetector } from "./built-in/date-of-birth";
import { emailAddressDetector } from "./built-in/email-address";
import { ibanCodeDetector } from "./built-in/iban-code";
import { ipAddressDetector } from "./built-in/ip-address";
import { macAddressDetector } from "./built-in/mac-address";
import { phoneNumberDetector } from "./built-in/phone-number";
import { privateKeyDetector } from "./built-in/private-key";
import { spacedSsnDetector } from "./built-in/spaced-ssn";
import { urlDetector } from "./built-in/url";
import { identifierDetector } from "./identifiers/identifier";
import { lookingAround } from "./looking-around";
import { apiTokenDetector } from "./secrets/api-token";
import { assignedSecretDetector } from "./secrets/assigned-secret";
import { connectionPairsDetector } from "./secrets/connection-pairs";
import { credentialUrlDetector } from "./secrets/credential-url";
import { curlPasswordDetector } from "./secrets/curl-password";
import { passwordDetector } from "./secrets/password";

/** What the gate finds without being given anything; docs/dlp.md lists every entity. */
export function builtInDetectors(): readonly Detector[] {
  return Object.freeze([
    lookingAround(emailAddressDetector()),
    lookingAround(creditCardDetector()),
    privateKeyDetector(),
    apiTokenDetector(),
    credentialUrlDetector(),
    connectionPairsDetector(),
    assignedSecretDetector(),
    curlPasswordDetector(),
    passwordDetector(),
    lookingAround(ibanCodeDetector()),
    identifierDetector(),
    spacedSsnDetector(),
    phoneNumberDetector(),
    cryptoWalletDetector(),
    lookingAround(ipAddressDetector()),
    lookingAround(macAddressDetector()),
    dateOfBirthDetector(),
    lookingAround(urlDetector()),
  ]);
}
