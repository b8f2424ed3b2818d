import { Strategy } from "passport-http-bearer";
import { verifyOnce, type StockStrategy } from "./stock-strategy";
import type { KeyVerifier } from "./verify-key";

/** `Authorization: Bearer KEY`, verified by passport-http-bearer. To be run by `runStrategy` only. */
export function createBearerStrategy(verifyKey: KeyVerifier): StockStrategy {
  return new Strategy({ passReqToCallback: true }, verifyOnce(verifyKey));
}
