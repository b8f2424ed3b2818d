import { posix } from "node:path";
import express5 from "express";
import express4 from "express4";
import fc from "fast-check";
import { createRouter } from "../../../lib/http/route";
import { exchange, startServer } from "./raw-http";
import { PROTOCOLS } from "./stub-protocols";

const LISTED = ["/v1/messages", "/v1/chat/completions", "/v1/responses", "/v1/responses/resp_1", "/v1/models"];

/** What proxies and frameworks are known to do to a path. */
const NORMALISERS: readonly ((path: string) => string)[] = [
  decodeLeniently,
  (path) => posix.normalize(path),
  (path) => path.replace(/\/{2,}/g, "/"),
  (path) => path.replace(/;[^/]*/g, ""),
  (path) => path.replaceAll("\\", "/"),
  (path) => path.replace(/[.\s]+(?=\/|$)/g, ""),
  (path) => path.replace(/[\u0000-\u0020\u200b\ufeff]/g, ""),
  (path) => path.toLowerCase(),
  (path) => path.normalize("NFKC"),
  (path) => path.split("?")[0] ?? "",
  (path) => path.replace(/\/$/, ""),
  (path) => (URL.canParse(path, "http://host.test") ? new URL(path, "http://host.test").pathname : path),
];

function decodeLeniently(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
}

const PIECES = [
  "/",
  "/",
  "//",
  "\\",
  ".",
  "..",
  "/../",
  "/./",
  "%2e",
  "%2E%2e",
  "%2f",
  "%5C",
  ";x",
  "%3B",
  "..;",
  "%20",
  "%00",
  "\t",
  "x",
  "%25",
  "%252e",
  "%252f",
  "%76",
  "%2576",
  "1",
  "v",
  "v1",
  "V1",
  "v%31",
  "/v1/",
  "messages",
  "Messages",
  "mess%61ges",
  "/v1/messages",
  "%E2%80%8B",
  "\u00e2\u0080\u008b",
  "%3f",
  "%23",
  "*",
  "http://h",
  "%zz",
  "%c0%ae",
  "resp_1",
];

const anyPath = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 9 })
  .map((pieces) => `/${pieces.join("")}`);

/** A listed path with the marks of encoders and look-alikes put into it. */
const variant = fc
  .tuple(fc.constantFrom(...LISTED), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 11 })), { maxLength: 4 }))
  .map(([path, changes]) => changes.reduce((text, [at, kind]) => change(text, at % (text.length + 1), kind), path));

function change(path: string, at: number, kind: number): string {
  const insert = (piece: string): string => path.slice(0, at) + piece + path.slice(at);
  const unit = path[at] ?? "/";
  const encoded = `%${unit.charCodeAt(0).toString(16).padStart(2, "0")}`;
  const forms = [
    () => path.slice(0, at) + encoded + path.slice(at + 1),
    () => path.slice(0, at) + encoded.replace("%", "%25") + path.slice(at + 1),
    () => path.replace("/", "//"),
    () => path.replace(/\/(?=[^/]*$)/, "\\"),
    () => path.replace(/\/(?=[^/]*$)/, "/./"),
    () => path.replace(/\/(?=[^/]*$)/, "/x/../"),
    () => `/x/%2e%2e${path}`,
    () => path.toUpperCase(),
    () => path.replace(/\/(?=[^/]*$)/, ";a=b/"),
    () => `${path}/`,
    () => insert("%E2%80%8B"),
    () => `${path}%20`,
  ];
  return (forms[kind] ?? (() => path))();
}

const route = createRouter({ prefix: "/v1", protocols: PROTOCOLS, unguarded: ["/v1/users"] });

function leadsBelowPrefix(path: string): boolean {
  return LISTED.includes(path);
}

describe("no path gets past the router", () => {
  it.each([
    ["any path", anyPath],
    ["variants of listed paths", variant],
    ["variants below an unguarded path", variant.map((path) => `/v1/users/..${path}`)],
  ])("that a chain of normalisers leads to a listed one: %s", (_, paths) => {
    const chain = fc.array(fc.nat({ max: NORMALISERS.length - 1 }), { maxLength: 6 });
    fc.assert(
      fc.property(paths, chain, (path, steps) => {
        const seen = steps.reduce((text, step) => (NORMALISERS[step] ?? ((same) => same))(text), path);
        if (leadsBelowPrefix(seen)) expect([path, route("POST", path, false, false)]).not.toEqual([path, null]);
      }),
      { numRuns: 12_000 },
    );
  });

  it.each(["/x/%%E2%80%8B2e%2e/v1/messages", "/x/%EF%BC%852e%2e/v1/messages"])(
    "not even one whose escapes come together when others are undone: %s",
    (path) => {
      expect(route("POST", path, false, false)).not.toBeNull();
    },
  );

  it("and routes none that means something else to a normaliser", () => {
    fc.assert(
      fc.property(fc.oneof(anyPath, variant), (path) => {
        const routed = route("POST", path, false, false);
        if (!routed || "denial" in routed.route) return;
        const folded = (path.split(/[?#]/)[0] ?? "").replace(/\/$/, "");
        expect(routed.path.toLowerCase()).toBe(decodeLeniently(folded).toLowerCase());
        expect(posix.normalize(decodeLeniently(folded))).toBe(decodeLeniently(folded));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["Express 5", express5],
    ["Express 4", express4],
  ])("in front of a handler and a normalising catch-all on %s", async (_, express) => {
    const app = express();
    const passed = new Set<string>();
    app.use((req, res, next) => {
      if (route(req.method, req.originalUrl, false, false)) return void res.end("guarded");
      passed.add(req.originalUrl);
      next();
    });
    app.post(LISTED, (_req, res) => void res.end("REACHED"));
    app.use((req, res) => {
      const plain = posix
        .normalize(decodeLeniently(req.path.replaceAll("\\", "/")).replace(/;[^/]*/g, ""))
        .toLowerCase();
      res.end(plain.startsWith("/v1/") && !plain.startsWith("/v1/users") ? "REACHED" : "host");
    });
    const server = await startServer(app);
    const samples = fc.sample(fc.oneof(variant, anyPath), 400);
    for (const path of samples) {
      const target = path.replace(/[\u0000-\u0020]/g, "%09");
      const { body } = await exchange(
        server.port,
        `POST ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      expect([target, body]).not.toEqual([target, "REACHED"]);
    }
    expect(passed.size).toBeGreaterThan(10);
    await server.close();
  });
});
