import { generateKeyPairSync } from "node:crypto";

/** A new pair of keys for checkpoints, both in PEM. */
export function checkpointKeys(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}
