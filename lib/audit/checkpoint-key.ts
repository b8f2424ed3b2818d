import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { ConfigurationError } from "../denial";
import type { CheckpointSigner } from "./checkpoint";

/** Reads an Ed25519 private key in PEM. Throws ConfigurationError, which never quotes it. */
export function checkpointSigner(pem: string): CheckpointSigner {
  const privateKey = ed25519(() => createPrivateKey(pem), "an Ed25519 private key in PEM");
  return Object.freeze({ privateKey, keyId: keyIdOf(createPublicKey(privateKey)) });
}

/** The public half of a private key, in PEM: what verifiers are given. */
export function publicKeyOf(pem: string): { readonly keyId: string; readonly pem: string } {
  const publicKey = createPublicKey(checkpointSigner(pem).privateKey);
  return Object.freeze({ keyId: keyIdOf(publicKey), pem: String(publicKey.export({ type: "spki", format: "pem" })) });
}

const BLOCK = /-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g;

/** Every key of a PEM text by its id: public keys, or private ones for their public halves. Throws ConfigurationError. */
export function publicKeysIn(text: string): ReadonlyMap<string, KeyObject> {
  const keys = (text.match(BLOCK) ?? [text]).map((pem) =>
    ed25519(() => createPublicKey(pem), "one or more Ed25519 public keys in PEM"),
  );
  return new Map(keys.map((key) => [keyIdOf(key), key]));
}

function ed25519(read: () => KeyObject, wanted: string): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // The reason could quote the key.
  }
  throw new ConfigurationError("checkpoint_key", `The checkpoint key must be ${wanted}.`);
}

function keyIdOf(publicKey: KeyObject): string {
  const raw = Buffer.from(String(publicKey.export({ format: "jwk" }).x), "base64url");
  return createHash("sha256").update(raw).digest("hex").slice(0, 16);
}
