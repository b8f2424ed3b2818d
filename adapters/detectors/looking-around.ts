import type { Detector, Finding } from "../../lib/ports/detector";
import { contextOf, surroundingsOf } from "./context-words";
import { vocabularyOf } from "./vocabulary";

/** Entity → words before a finding that tell what it is, as in `contextOf`. */
const TELLING: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: "email|mail|mailto|contact|address|reach|write|correo|courriel|adresse|kontakt",
  CREDIT_CARD:
    "card|credit|debit|creditcard|cc|ccn|pan|visa|mastercard|maestro|amex|american express|discover|diners|jcb|unionpay|pay|paid|payment|karte|kreditkarte|kartennummer|carte|tarjeta|carta|cartão|kort|kaart|卡号|カード",
  IBAN_CODE:
    "iban|bic|swift|bank|account|transfer|pay|payment|konto|kontonummer|bankverbindung|compte|rib|cuenta|conto|conta|rekening|konta|tili",
  IP_ADDRESS:
    "ip|ipv4|ipv6|address|addr|host|server|client|remote|source|src|dst|gateway|dns|network|subnet|node|peer|ping|ssh",
  MAC_ADDRESS: "mac|address|addr|ethernet|ether|hardware|hwaddr|lladdr|wifi|wlan|bluetooth|interface|device|bssid",
  URL: "url|uri|link|href|website|web|site|homepage|page|visit|open|see",
};

/**
 * Has a detector whose findings prove themselves say, too, whether a word before them tells what they are. Scores stay:
 * the words serve policies that require context.
 */
export function lookingAround(detector: Detector): Detector {
  const context = contextOf(detector.entities.flatMap((entity) => TELLING[entity] ?? []).join("|"));
  const mayBeTold = vocabularyOf([context]);
  const isTold = (text: string, { start, end }: Finding): boolean =>
    mayBeTold(text, start) && surroundingsOf(text, start, end).has(context);
  const told = (text: string, findings: readonly Finding[]): readonly Finding[] =>
    findings.map((found) => {
      const { entity, rule, start, end, score } = found;
      return { entity, rule, start, end, score, context: isTold(text, found) };
    });
  return Object.freeze({
    ...detector,
    detect(text: string, signal: AbortSignal) {
      const findings = detector.detect(text, signal);
      return findings instanceof Promise ? findings.then((found) => told(text, found)) : told(text, findings);
    },
  });
}
