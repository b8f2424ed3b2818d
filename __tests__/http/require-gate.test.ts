import { requireGate } from "../../adapters/index";
import { chat, DIALECTS } from "../support/dialects";
import { check, expectErrorHeaders } from "../support/http-check";
import { send } from "../support/http-client";
import { EXPRESSES, openSite, type Site, type SiteOptions } from "../support/site";

const OPENAI_500 = { error: { message: "Internal error.", type: "server_error", code: "internal_error" } };

describe.each(EXPRESSES)("requireGate on %s", (_name, express) => {
  let warned: jest.SpyInstance;
  const reached: string[] = [];
  beforeAll(() => void (warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined)));
  afterAll(() => warned.mockRestore());
  beforeEach(() => void reached.splice(0));

  const withHandler = (mount: NonNullable<SiteOptions["mount"]>): Promise<Site> =>
    openSite({ express, mount: (app, parts) => (app.set("env", "development"), mount(app, parts)) });

  it("B14: without a gate in front answers 500 in JSON itself, with no stack and no page", async () => {
    const site = await withHandler((app) => {
      app.use(requireGate((req, res) => void (reached.push(req.path), res.json({}))));
    });
    for (const { path } of DIALECTS) {
      const { status, text, headers } = await send(site.port, {
        path,
        body: "{}",
        headers: [["Content-Type", "application/json"]],
      });
      expect([status, JSON.parse(text)]).toEqual([500, OPENAI_500]);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "x-request-id": expect.stringMatching(/^[0-9a-f-]{14}7/) as unknown,
      });
    }
    expect(reached).toEqual([]);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("Mount the gate"), { code: "LLM_GATE_UNGUARDED" });
    await site.close();
  });

  it("B14: given the gate, refuses in the dialect and on record, though the gate is mounted too late", async () => {
    const site = await withHandler((app, { gate, forwarder }) => {
      app.use(requireGate((req, res) => void (reached.push(req.path), res.json({})), gate));
      app.use(gate, forwarder);
    });
    for (const dialect of DIALECTS) {
      await check(site, { dialect, as: "alice" }, { refused: "internal_error", reason: "unguarded" });
    }
    const { status, text, headers } = await send(site.port, { path: "/elsewhere", method: "GET" });
    expect([status, JSON.parse(text)]).toEqual([500, OPENAI_500]);
    expectErrorHeaders({ status, headers });
    expect((await site.trail()).at(-1)).toMatchObject({ kind: "refusal", reason: "unguarded", path: "/elsewhere" });
    expect(reached).toEqual([]);
    expect(site.log.join("")).toContain("without having gone through the gate");
    await site.close();
  });

  it("lets what the gate cleared through, and nothing that a header claims", async () => {
    const site = await withHandler((app, { gate }) => {
      app.use(gate);
      app.use(requireGate((req, res) => void (reached.push(req.path), res.json(chat.answer("Hello"))), gate));
    });
    await check(site, { dialect: chat, as: "alice" }, { upstream: 0 });
    expect(reached.splice(0)).toEqual([chat.path]);
    const claims = [
      ["x-llm-gate", "checked"],
      ["x-request-id", "0192"],
      ["x-user", "alice@acme.test"],
    ] as const;
    await check(site, { dialect: chat, headers: claims }, { refused: "unauthorized", reason: "missing" });
    expect((await send(site.port, { path: "/outside", headers: claims })).status).toBe(500);
    expect(reached).toEqual([]);
    await site.close();
  });

  it("forward() and gate.handle() refuse what has not gone through the gate, in JSON", async () => {
    const site = await withHandler((app, { gate, forwarder }) => {
      app.use("/a", forwarder);
      app.use(
        "/b",
        gate.handle(() => Promise.reject(new Error("never"))),
      );
    });
    for (const path of ["/a", "/b"]) {
      const { status, text } = await send(site.port, { path, body: "{}" });
      expect([status, JSON.parse(text)]).toEqual([500, OPENAI_500]);
    }
    await site.close();
  });
});
