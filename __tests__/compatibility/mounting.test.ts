import { testGate } from "../../adapters/testing";
import { chat, DIALECTS } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { send, type Received } from "../support/http-client";
import { exchange } from "../support/raw-socket";
import { EXPRESSES, openSite, PROVIDER_KEY, type Site } from "../support/site";

type Mount = NonNullable<Parameters<typeof openSite>[0]>["mount"];

describe.each(EXPRESSES)("A gate on %s", (_name, expressOf) => {
  let site: Site;

  afterEach(() => site.close());

  async function openMounted(prefix: string, mount: Mount): Promise<void> {
    site = await openSite({ express: expressOf, prefix, ...(mount && { mount }) });
  }

  async function post(path: string, as: string | null = "alice", dialect = chat): Promise<Received> {
    return send(site.port, await requestOf(site, { dialect, path, ...(as !== null && { as }) }));
  }

  const warnings = (): readonly string[] => site.log.filter((line) => line.includes('"level":"warn"'));

  it.each(DIALECTS)("in a router at the root guards $name, without a warning", async (dialect) => {
    await openMounted("/v1", (app, { gate, forwarder }) => {
      const router = expressOf.Router();
      router.use(gate, forwarder);
      app.use(router);
    });
    expect((await post(dialect.path, "alice", dialect)).status).toBe(200);
    expect((await post(dialect.path, null, dialect)).status).toBe(401);
    expect(warnings()).toEqual([]);
  });

  it("in a sub-application at the root guards, and the handler finds its own application", async () => {
    await openMounted("/v1", (app, { gate }) => {
      const inner = expressOf();
      inner.set("answer", "inner");
      inner.use(gate);
      inner.post("/v1/chat/completions", (req, res) => void res.json(chat.answer(String(req.app.get("answer")))));
      app.use(inner);
    });
    expect((await post(chat.path)).text).toContain("inner");
    expect((await post(chat.path, null)).status).toBe(401);
  });

  it("mounted on a path guards what Express routes there, and says once that this is not all", async () => {
    await openMounted("/llm/v1", (app, { gate, forwarder }) => {
      app.use("/llm", gate, forwarder);
      app.use((_req, res) => void res.status(418).end());
    });
    expect((await post("/llm/v1/chat/completions")).status).toBe(200);
    expect((await post("/llm/v1/chat/completions", null)).status).toBe(401);
    expect((await post("//llm/v1/chat/completions", null)).status).toBe(418);
    expect(warnings()).toEqual([expect.stringMatching(/mounted on a path.*app\.use\(gate\) at the root/)]);
  });

  it("in a sub-application on a path guards the whole path, as its prefix says", async () => {
    await openMounted("/llm/v1", (app, { gate, forwarder }) => {
      const inner = expressOf();
      inner.use(gate, forwarder);
      app.use("/llm", inner);
    });
    expect((await post("/llm/v1/chat/completions")).status).toBe(200);
    expect((await post("/llm/v1/chat/completions", null)).status).toBe(401);
    expect(site.upstream.calls.map(({ path }) => path)).toEqual([chat.path]);
    expect(site.upstream.calls[0]?.headers.authorization).toBe(`Bearer ${PROVIDER_KEY}`);
  });

  it("mounted twice takes each request up once", async () => {
    await openMounted("/v1", (app, { gate, forwarder }) => void app.use(gate, gate, forwarder));
    expect((await post(chat.path)).status).toBe(200);
    expect((await site.trail()).map(({ kind }) => kind)).toEqual(["intent", "completion"]);
  });

  describe("beside another on one application and one server", () => {
    let other: Awaited<ReturnType<typeof testGate>>;

    beforeEach(async () => {
      other = await testGate({ prefix: "/llm/v1" });
      await openMounted("/v1", (app, { gate, forwarder }) => {
        app.use(gate, other.gate);
        app.use("/v1", forwarder);
        app.post("/llm/v1/chat/completions", (_req, res) => void res.json(chat.answer("other")));
      });
      other.gate.protectServer(site.server);
    });

    afterEach(() => other.close());

    it("guards its own prefix with its own keys and its own trail", async () => {
      const foreign = ["Authorization", `Bearer ${await other.mintKey()}`] as const;
      const body = { method: "POST", headers: [foreign, ["Content-Type", "application/json"]] as const };
      const asked = JSON.stringify(chat.ask("Hello"));
      expect((await post(chat.path)).status).toBe(200);
      expect((await send(site.port, { ...body, path: chat.path, body: asked })).status).toBe(401);
      expect((await post("/llm/v1/chat/completions")).status).toBe(401);
      expect((await send(site.port, { ...body, path: "/llm/v1/chat/completions", body: asked })).text).toContain(
        "other",
      );
      expect((await site.trail()).map(({ kind }) => kind)).toEqual(["intent", "completion", "refusal"]);
      expect((await other.trail()).map(({ kind }) => kind)).toEqual(["refusal", "intent", "completion"]);
    });

    it("answers what no parser could read once, not once for each", async () => {
      const answers = await exchange(site.port, "GET /v1 HTTP/1.1\r\nHost: gate.test\r\nbad header\r\n\r\n");
      expect(answers.map(({ status }) => status)).toEqual([400]);
      expect((await site.trail()).map(({ reason }) => reason)).toEqual(["parser"]);
      expect(await other.trail()).toEqual([]);
    });

    it("takes a request that waits for 100 up once", async () => {
      const key = await site.key("alice");
      const body = JSON.stringify(chat.ask("Hello"));
      const head = `POST ${chat.path} HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
      const answers = await exchange(
        site.port,
        `${head}Content-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n${body}`,
      );
      expect(answers.map(({ status }) => status)).toEqual([100, 200]);
      expect((await site.trail()).map(({ kind }) => kind)).toEqual(["intent", "completion"]);
    });

    it("leaves upgrades of the other's prefix to the other", async () => {
      const upgrade = "Connection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n";
      for (const path of ["/v1/responses", "/llm/v1/responses"]) {
        const answers = await exchange(site.port, `GET ${path} HTTP/1.1\r\nHost: gate.test\r\n${upgrade}`);
        expect(answers.map(({ status }) => status)).toEqual([401]);
      }
      expect((await site.trail()).map(({ path }) => path)).toEqual(["/v1/responses"]);
      expect((await other.trail()).map(({ path }) => path)).toEqual(["/llm/v1/responses"]);
    });
  });
});
