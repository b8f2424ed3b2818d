import { brotliCompressSync, deflateSync, gzipSync, type InputType } from "node:zlib";
import { DIALECTS } from "../support/dialects";
import { check, type Ask, type Refused } from "../support/http-check";
import { openSite, type Site } from "../support/site";

const INVALID: Refused = { refused: "invalid_body", reason: "body_incomplete" };
const UNSUPPORTED: Refused = { refused: "unsupported_media_type", reason: "content_encoding" };
const TOO_LARGE: Refused = {
  refused: "body_too_large",
  reason: "body_too_large",
  message: "Request body too large. Maximum size is 1 MB.",
};

let site: Site;
beforeAll(async () => {
  site = await openSite({ limits: { bodyBytes: 1024 * 1024 } });
});
afterAll(() => site.close());

describe.each(DIALECTS)("C16: coded bodies on $path", (dialect) => {
  const body = JSON.stringify(dialect.ask("Hello"));
  const coded = (coding: string, bytes: Uint8Array): Ask => ({
    ...{ dialect, as: "alice", body: bytes },
    headers: [["Content-Encoding", coding]],
  });

  it.each<[string, (input: InputType) => Buffer]>([
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["br", brotliCompressSync],
    ["identity", (input) => Buffer.from(input as string)],
  ])("%s is undone, and the plain bytes go upstream", async (coding, compress) => {
    await check(site, coded(coding, compress(body)), {});
    const seen = site.upstream.calls.at(-1);
    expect(seen?.body.toString()).toBe(body);
    expect([seen?.headers["content-encoding"], seen?.headers["content-length"]]).toEqual([
      undefined,
      String(body.length),
    ]);
  });

  it.each([
    ["gzip", gzipSync(Buffer.alloc(64 * 1024 * 1024, " "))],
    ["br", brotliCompressSync(Buffer.alloc(64 * 1024 * 1024, " "))],
  ])("a bomb in %s is 413", (coding, bomb) => check(site, coded(coding, bomb), TOO_LARGE));

  it.each([
    ["truncated", gzipSync(body).subarray(0, -6)],
    ["with garbage behind it", Buffer.concat([gzipSync(body), Buffer.from("garbage")])],
    ["of two members", Buffer.concat([gzipSync(body), gzipSync("{}")])],
    ["that is none", Buffer.from(body)],
  ])("gzip %s is 400", (_what, bytes) => check(site, coded("gzip", bytes), INVALID));

  it("gzip in gzip under one name is no JSON", () =>
    check(site, coded("gzip", gzipSync(gzipSync(body))), { refused: "invalid_body", reason: "invalid_utf8" }));

  it.each([
    ["gzip, gzip", gzipSync(gzipSync(body))],
    ["gzip, br", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["x-gzip", gzipSync(body)],
    ["compress", Buffer.from(body)],
    ["nonsense", Buffer.from(body)],
  ])("%s is 415", (coding, bytes) => check(site, coded(coding, bytes), UNSUPPORTED));

  it("what gzip hides is judged", () =>
    check(site, coded("gzip", gzipSync(JSON.stringify(dialect.ask("Hello", { model: "gpt-5-pro" })))), {
      refused: "model_access_denied",
      reason: "model_denied",
    }));
});
