import type { RequestHandler } from "express";
import { askMode, authenticate, entitle, formatErrors, inspect, record, type Gate } from "../../adapters/index";
import { DIALECTS, chat, responses } from "../support/dialects";
import { check, FORMS } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { EXPRESSES, openSite, type Site } from "../support/site";

const STAGES = { authenticate, entitle, askMode, inspect, record } as const;
type Stage = keyof typeof STAGES;
const ORDER = Object.keys(STAGES) as Stage[];
const mounted = (gate: Gate, order: readonly Stage[]) => order.map((name) => STAGES[name](gate));

describe.each(EXPRESSES)("the single middlewares on %s", (_name, express) => {
  let site: Site;
  let between: RequestHandler = (_req, _res, next) => next();
  beforeAll(async () => {
    site = await openSite({
      express,
      policy: { ...HOUSE, dlp: dlp({ request: { PRIVATE_KEY: "block" } }) },
      mount(app, { gate, forwarder }) {
        const [first, ...others] = mounted(gate, ORDER);
        if (first) app.use(first, (req, res, next) => between(req, res, next), ...others);
        app.use("/v1", forwarder);
        app.use(formatErrors(gate));
      },
    });
  });
  afterAll(() => site.close());
  beforeEach(() => void (between = (_req, _res, next) => next()));

  it.each(DIALECTS)("in order do what the gate does on $path", async (dialect) => {
    for (const form of FORMS) {
      for (const stream of [false, true]) {
        const ask = { dialect, as: "alice", form, with: { stream } } as const;
        await check(site, ask, { record: { user: "alice@acme.test", stream } });
        await check(
          site,
          { ...ask, with: { stream, model: "gpt-5-pro" } },
          { refused: "model_access_denied", reason: "model_denied" },
        );
        await check(
          site,
          { ...ask, text: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----" },
          { refused: "dlp_blocked", reason: "dlp" },
        );
      }
    }
    await check(site, { dialect }, { refused: "unauthorized", reason: "missing" });
    await check(site, { dialect, as: "alice", body: "{" }, { refused: "invalid_body", reason: "invalid_json" });
    await check(
      site,
      { dialect, as: "alice", path: `${dialect.path}/x/y/z` },
      { refused: "unknown_endpoint", reason: "unlisted_endpoint" },
    );
  });

  it("enforce Ask Mode and list models", async () => {
    await check(
      site,
      { dialect: responses, as: "asker", with: { tools: [{ type: "mcp" }] } },
      { refused: "ask_mode_only", reason: "ask_mode" },
    );
    await check(
      site,
      { dialect: chat, as: "alice", path: "/v1/models", method: "GET", body: null },
      { records: "single" },
    );
  });

  it.each(DIALECTS)("put the host's own answer between two stages on record: $path", async (dialect) => {
    between = (_req, res) => void res.status(429).set("Retry-After", "9").json({ error: "ours" });
    const { status, headers, text } = await askFor(dialect.path);
    expect([status, text]).toEqual([429, '{"error":"ours"}']);
    const found = await site.recorded(({ requestId }) => requestId === headers.get("x-request-id"));
    expect(found).toMatchObject({ kind: "refusal", reason: "admission", status: 429, user: "alice@acme.test" });
  });

  it("format what the host passes on as an error between two stages", async () => {
    between = (_req, _res, next) => next(new Error("secret at /srv/app.js"));
    for (const dialect of DIALECTS)
      await check(site, { dialect, as: "alice" }, { refused: "internal_error", reason: "internal" });
  });

  const askFor = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${site.port}${path}`, {
      method: "POST",
      headers: { "x-api-key": await site.key("alice"), "content-type": "application/json" },
      body: JSON.stringify(chat.ask("Hello")),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
});

describe("the single middlewares in a wrong order", () => {
  const wrong: readonly (readonly Stage[])[] = [
    ...ORDER.slice(1)
      .map((left) => ORDER.filter((name) => name !== left))
      .slice(0, 3),
    ["authenticate", "askMode", "entitle", "inspect", "record"],
    ["authenticate", "entitle", "inspect", "askMode", "record"],
    ["authenticate", "record"],
    ["authenticate", "authenticate", "record"],
  ];

  it.each(wrong.map((order) => [order.join(" → "), order] as const))(
    "%s is a configuration error, never open",
    async (_how, order) => {
      const site = await openSite({
        mount(app, { gate, forwarder }) {
          app.use(...(mounted(gate, order) as [RequestHandler]));
          app.use("/v1", forwarder);
          app.use(formatErrors(gate));
        },
      });
      for (const dialect of DIALECTS) {
        await check(site, { dialect, as: "alice" }, { refused: "internal_error", reason: "configuration" });
        await check(site, { dialect }, { refused: "unauthorized", reason: "missing" });
      }
      expect(site.log.join("")).toContain("Mount in order: authenticate, entitle, askMode, inspect, record");
      await site.close();
    },
  );

  it("without authenticate nothing behind them is a call, and forward() refuses", async () => {
    const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const site = await openSite({
      mount(app, { gate, forwarder }) {
        app.use(...(mounted(gate, ["entitle", "askMode", "inspect", "record"]) as [RequestHandler]));
        app.use("/v1", forwarder);
        app.use(formatErrors(gate));
      },
    });
    for (const { path } of DIALECTS) {
      const answer = await fetch(`http://127.0.0.1:${site.port}${path}`, { method: "POST" });
      expect(answer.status).toBe(500);
      expect(await answer.json()).toEqual({
        error: { message: "Internal error.", type: "server_error", code: "internal_error" },
      });
    }
    expect(site.upstream.calls).toHaveLength(0);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("Mount the gate before the handler"), {
      code: "LLM_GATE_UNGUARDED",
    });
    await site.close();
    warned.mockRestore();
  });
});
