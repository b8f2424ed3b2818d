import { HeaderAPIKeyStrategy } from "passport-headerapikey";
import { verifyOnce, type StockStrategy } from "./stock-strategy";
import type { KeyVerifier } from "./verify-key";

/** `x-api-key: KEY`, verified by passport-headerapikey. To be run by `runStrategy` only. */
export function createApiKeyStrategy(verifyKey: KeyVerifier): StockStrategy {
  const verify = verifyOnce(verifyKey);
  return new HeaderAPIKeyStrategy<Parameters<typeof verify>[0]>(
    { header: "x-api-key", prefix: "" },
    true,
    (apiKey, done, view) => verify(view, apiKey, done),
  );
}
