const HEADER_FIELDS = ["alg", "enc", "typ", "kid"];

/** Whether the first part, decoded, is the header of a signed or encrypted token (RFC 7515, RFC 7516); base64 around it is taken off. */
export function isJwt(token: string): boolean {
  const plain = token.startsWith("ZXlK") ? Buffer.from(token, "base64").toString("latin1") : token;
  const [header = ""] = plain.split(".", 1);
  if (plain === header) return false;
  const decoded = Buffer.from(header, "base64url").toString("utf8");
  return decoded.startsWith("{") && HEADER_FIELDS.some((field) => decoded.includes(`"${field}"`));
}
