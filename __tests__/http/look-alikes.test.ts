import { posix } from "node:path";
import type { RequestHandler } from "express";
import { chat, messages } from "../support/dialects";
import { check } from "../support/http-check";
import { exchange, type RawAnswer } from "../support/raw-socket";
import { EXPRESSES, openSite, type Site } from "../support/site";

const LOOK_ALIKES = [
  "//v1/messages",
  "/v1//messages",
  "///v1/messages",
  "/v1///messages",
  "/./v1/messages",
  "/v1/./messages",
  "/x/../v1/messages",
  "/v1/x/../messages",
  "/v1/messages/.",
  "/v1/messages/..",
  "/v1/messages//",
  "/v1%2Fmessages",
  "/v1%2fmessages",
  "/%76%31/messages",
  "/v%31/messages",
  "/v1/%6dessages",
  "/v1/messages%2F",
  "/%2e/v1/messages",
  "/x/%2e%2e/v1/messages",
  "/%252e%252e/v1/messages",
  "/v1/messages;x=1",
  "/v1;x=1/messages",
  "/v1/messages.",
  "/v1./messages",
  "/v1\\messages",
  "\\v1\\messages",
  "/v1/messages%20",
  "/v1/messages%00",
  "/v1/messages%09",
  "/v1/messages%E2%80%8B",
  "/v1/messages%0d%0a",
  "/v1/messages%5c",
  "/v1%5cmessages",
  "/V1//Messages",
] as const;

/** What a lenient proxy makes of a path. */
function normalised(path: string): string {
  let plain = path;
  for (let round = 0; round < 3; round += 1)
    plain = plain.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
  plain = plain
    .replace(/[\\]/g, "/")
    .replace(/;[^/]*/g, "")
    .replace(/[\0-\x20\x80-\xff]/g, "")
    .toLowerCase();
  return posix
    .normalize(plain.replace(/\/{2,}/g, "/"))
    .replace(/\.+(?=\/|$)/g, "")
    .replace(/\/$/, "");
}

describe.each(EXPRESSES)("look-alikes of guarded paths in front of a normalising proxy on %s", (_name, express) => {
  let site: Site;
  const reached: string[] = [];
  const catchAll: RequestHandler = (req, res) => {
    if (normalised(req.originalUrl.replace(/^\w+:\/\/[^/\\]*/, "")).startsWith("/v1/")) reached.push(req.originalUrl);
    res.json({ proxied: true });
  };
  beforeAll(async () => {
    site = await openSite({ express, mount: (app, { gate }) => void app.use(gate, catchAll) });
  });
  afterAll(() => site.close());
  beforeEach(() => void reached.splice(0));

  const ask = async (target: string, key: string | null): Promise<RawAnswer | undefined> => {
    const credential = key === null ? "" : `x-api-key: ${key}\r\n`;
    const body = JSON.stringify(messages.ask("Hello"));
    const [answer] = await exchange(
      site.port,
      `POST ${target} HTTP/1.1\r\nHost: x\r\n${credential}Content-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return answer;
  };

  it.each(LOOK_ALIKES)("B03 B06: %j is 401 without a key, 404 with one, and never handed on", async (path) => {
    const open = await ask(path, null);
    if (path.startsWith("\\")) return expect([400, 401]).toContain(open?.status);
    expect(open?.status).toBe(401);
    const answer = await ask(path, await site.key("alice"));
    expect([answer?.status, JSON.parse(answer?.body ?? "")]).toEqual([
      404,
      (path.includes("v1/x/") ? chat : messages).envelope("unknown_endpoint", "Unknown endpoint."),
    ]);
    const record = (await site.trail()).at(-1);
    expect(record).toMatchObject({ kind: "refusal", status: 404, user: "alice@acme.test" });
    expect(["noncanonical_path", "unlisted_endpoint"]).toContain(record?.reason);
    expect(reached).toEqual([]);
  });

  it.each(["http://evil.test/v1/messages", "https://gate.test:443/v1/messages?x=1"])(
    "B20: the absolute form %s is judged by its path, whatever host it names",
    async (target) => {
      expect((await ask(target, null))?.status).toBe(401);
      expect(reached).toEqual([]);
    },
  );

  it.each([
    ["B20 OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["B20 CONNECT", "CONNECT /v1/messages HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["B20 PRI", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ])("%s reaches nothing that is guarded", async (_what, bytes) => {
    await exchange(site.port, bytes);
    expect(reached).toEqual([]);
  });

  it("B20: Upgrade: h2c and HTTP2-Settings are ignored", async () => {
    const headers = [
      ["Connection", "Upgrade, HTTP2-Settings"],
      ["Upgrade", "h2c"],
      ["HTTP2-Settings", "AAMAAABkAAQAAP__"],
    ] as const;
    await check(site, { dialect: messages, headers }, { refused: "unauthorized", reason: "missing" });
    expect(reached).toEqual([]);
  });

  it("B08: a fragment in the target is no part of the path", async () => {
    expect((await ask("/v1/messages#x", null))?.status).toBe(401);
    expect((await ask("/v1/messages#x", await site.key("alice")))?.status).toBe(200);
  });

  it("B02: case-sensitive routing of the host changes nothing", async () => {
    const strict = await openSite({
      express,
      mount(app, { gate, forwarder }) {
        app.set("case sensitive routing", true);
        app.set("strict routing", true);
        app.use(gate, forwarder);
      },
    });
    for (const path of ["/V1/MESSAGES", "/v1/messages/", "/v1/messages"]) {
      await check(strict, { dialect: messages, path }, { refused: "unauthorized", reason: "missing" });
      await check(strict, { dialect: messages, path, as: "alice" }, {});
    }
    await strict.close();
  });
});
