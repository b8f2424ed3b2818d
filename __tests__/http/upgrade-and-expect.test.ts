import { DIALECTS } from "../support/dialects";
import { exchange, rawSocket } from "../support/raw-socket";
import { EXPRESSES, openSite, type Site } from "../support/site";

const UPGRADE =
  "Connection: close, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

describe.each(EXPRESSES)("upgrades and Expect on %s", (_name, express) => {
  let site: Site;
  let key = "";
  beforeAll(async () => {
    site = await openSite({ express });
    key = await site.key("alice");
  });
  afterAll(() => site.close());

  const lastRecord = async () => (await site.trail()).at(-1);

  describe.each([
    ["without an upgrade listener of the host's", false],
    ["beside an upgrade listener of the host's", true],
  ])("a WebSocket %s", (_what, listens) => {
    const taken: string[] = [];
    beforeAll(() => {
      if (!listens) return;
      site.server.on("upgrade", (req, socket) => {
        taken.push(req.url ?? "");
        socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      });
    });
    afterAll(() => void site.server.removeAllListeners("upgrade"));

    it.each(DIALECTS)("on $path is 426 after the key check, in the dialect", async (dialect) => {
      for (const method of ["GET", "POST"]) {
        const start = `${method} ${dialect.path} HTTP/1.1\r\nHost: x\r\n${UPGRADE}`;
        const [refused] = await exchange(site.port, `${start}\r\n`);
        expect([refused?.status, refused?.body]).toEqual([
          401,
          JSON.stringify(dialect.envelope("unauthorized", "Unauthorized")),
        ]);
        const [answer] = await exchange(site.port, `${start}Authorization: Bearer ${key}\r\n\r\n`);
        expect(answer?.status).toBe(426);
        expect(JSON.parse(answer?.body ?? "")).toEqual(dialect.envelope("upgrade_required", expect.any(String)));
        expect(await lastRecord()).toMatchObject({
          kind: "refusal",
          reason: "upgrade",
          status: 426,
          user: "alice@acme.test",
        });
      }
      expect(taken).toEqual([]);
    });

    it("elsewhere is the host's own business", async () => {
      if (!listens) return;
      const [answer] = await exchange(site.port, `GET /chat HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`);
      expect([answer?.status, taken.splice(0)]).toEqual([101, ["/chat"]]);
    });

    it("on a path that only looks guarded is 404", async () => {
      const raw = await rawSocket(site.port);
      raw.write(`GET //v1/responses HTTP/1.1\r\nHost: x\r\n${UPGRADE}x-api-key: ${key}\r\n\r\n`);
      expect(await raw.received("Unknown endpoint")).toMatch(/^HTTP\/1.1 404 /);
      raw.close();
      expect(taken).toEqual([]);
    });
  });

  it.each(DIALECTS)(
    "B22: Expect: 100-continue on $path with a bad key gets 401, no 100, and the connection closes",
    async ({ path }) => {
      const wrong = key.slice(0, -1) + (key.endsWith("x") ? "y" : "x");
      for (const credential of ["", `Authorization: Bearer ${wrong}\r\n`]) {
        const answers = await exchange(
          site.port,
          `POST ${path} HTTP/1.1\r\nHost: x\r\n${credential}Content-Type: application/json\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n`,
        );
        expect(answers.map(({ status, headers }) => [status, headers["connection"]])).toEqual([[401, "close"]]);
      }
    },
  );

  it.each(DIALECTS)(
    "B22: Expect: 100-continue on $path with a good key gets 100, then the answer",
    async ({ path, ask }) => {
      const body = JSON.stringify(ask("Hello"));
      const raw = await rawSocket(site.port);
      raw.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n`,
      );
      await raw.received("HTTP/1.1 100 Continue\r\n\r\n");
      raw.write(body);
      expect((await raw.untilClosed()).map(({ status }) => status)).toEqual([100, 200]);
    },
  );

  it("B22: a body that is too large by its announcement gets 413 in place of 100", async () => {
    const answers = await exchange(
      site.port,
      `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${key}\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n`,
    );
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [413, '{"message":"Request body too large. Maximum size is 50 MB."}'],
    ]);
  });

  it("B22: outside the prefix Expect works as it always did", async () => {
    const answers = await exchange(
      site.port,
      `POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n{}`,
    );
    expect(answers.map(({ status }) => status)).toEqual([100, 404]);
  });
});
