import { createHmac } from "node:crypto";
import { sinkInvalid } from "../sink-name";

const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** The bytes of secrets as Standard Webhooks writes them: `whsec_`, then base64. Throws ConfigurationError, which never quotes one. */
export function readSecrets(secret: string | readonly string[]): readonly Buffer[] {
  const secrets = (typeof secret === "string" ? [secret] : secret).map(readSecret);
  if (secrets.length === 0) throw sinkInvalid("of the kind webhook needs a secret");
  return secrets;
}

function readSecret(secret: string): Buffer {
  const [, text = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const bytes = Buffer.from(text, "base64");
  if (bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) return bytes;
  throw sinkInvalid(
    "of the kind webhook has a secret that is none: write whsec_ and the base64 of 24 to 64 random bytes, which `echo whsec_$(openssl rand -base64 32)` makes",
  );
}

/** The headers of Standard Webhooks: one signature for each secret, so that the receiver can change over from one to the other. */
export function signMessage(
  id: string,
  at: number,
  body: Uint8Array,
  secrets: readonly Buffer[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => {
    const signed = createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body);
    return `v1,${signed.digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
