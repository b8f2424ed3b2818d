import { llmGate, llmGateJson } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const policy = at.write("policy.yaml", POLICY);
const PRIVATE = "bob@example.com";

async function keyIdOf(email: string): Promise<string> {
  const args = ["key", "create", "--user", email, "--name", "k", "--json", ...at.store];
  return (JSON.parse((await runInProcess(args)).stdout) as { id: string }).id;
}

beforeAll(() => runInProcess(["apply", policy, ...at.store]));

interface Explanation {
  readonly decision: string;
  readonly reason: string | null;
  readonly error: { readonly status: number; readonly code: string } | null;
  readonly stages: readonly { readonly stage: string; readonly verdict: string; readonly why: string | null }[];
}

describe("llm-gate explain", () => {
  const explainKey = async (id: string, protocol: string, body: unknown, ...more: string[]): Promise<Explanation> => {
    const request = at.write("body.json", typeof body === "string" ? body : JSON.stringify(body));
    const named = ["--key-id", id, "--request", request, "--protocol", protocol];
    const { stdout } = await runInProcess(["explain", ...named, "--json", ...more, ...at.store]);
    return JSON.parse(stdout) as Explanation;
  };
  const explain = async (email: string, protocol: string, body: unknown, ...more: string[]): Promise<Explanation> =>
    explainKey(await keyIdOf(email), protocol, body, ...more);
  const chat = (model: string, content = "hi") => ({ model, messages: [{ role: "user", content }] });
  const refusedAt = ({ stages }: Explanation) => stages.find(({ verdict }) => verdict === "refuse")?.stage;
  const why = ({ stages }: Explanation, wanted: string) => stages.find(({ stage }) => stage === wanted)?.why;

  it("lets through what the gate lets through, and names the group that grants the model", async () => {
    const explained = await explain("alice@acme.test", "chat", chat("gpt-4o-mini"));
    expect(explained).toMatchObject({ decision: "allow", error: null, reason: null });
    expect(explained.stages.map(({ verdict }) => verdict)).toEqual(Array(6).fill("pass"));
    expect(why(explained, "model")).toBe("gpt-4o-mini of openai: granted by engineers");
    expect(
      why(await explain("alice@acme.test", "messages", { ...chat("claude-sonnet-4-5"), max_tokens: 9 }), "model"),
    ).toBe("claude-sonnet-4-5 of anthropic: granted by engineers");
  });

  it.each([
    ["access", 403, "key_access_disabled", "rob@acme.test", "chat", chat("gpt-4o-mini")],
    ["body", 400, "duplicate_key", "alice@acme.test", "chat", '{"model":"a","model":"b"}'],
    ["model", 400, "model_unknown", "alice@acme.test", "chat", chat("gpt-9")],
    [
      "ask mode",
      403,
      "ask_mode",
      "ann@acme.test",
      "responses",
      { model: "gpt-4o-mini", input: "a", tools: [{ type: "x" }] },
    ],
    ["data loss", 400, "dlp", "alice@acme.test", "responses", { model: "gpt-4o-mini", input: "about PRJ-123456" }],
  ])(
    "refuses at %s with %i as the gate does, and goes no further",
    async (stage, status, reason, email, protocol, body) => {
      const explained = await explain(email, protocol, body);
      expect(explained).toMatchObject({ decision: "deny", reason, error: { status } });
      expect(refusedAt(explained)).toBe(stage);
      const verdicts = explained.stages.map(({ verdict }) => verdict);
      expect(verdicts.slice(verdicts.indexOf("refuse") + 1).every((verdict) => verdict === "not reached")).toBe(true);
    },
  );

  it("names whose policy redacts what, and shows nothing of it", async () => {
    const explained = await explain("alice@acme.test", "chat", chat("gpt-4o-mini", `Write to ${PRIVATE}.`));
    expect(why(explained, "data loss")).toBe("redacted (EMAIL_ADDRESS x 1: redact by acme)");
    expect(JSON.stringify(explained)).not.toContain(PRIVATE);
  });

  it("knows a revoked key for what it is", async () => {
    const id = await keyIdOf("alice@acme.test");
    await runInProcess(["key", "revoke", id, ...at.store]);
    const request = at.write("body.json", "{}");
    const args = ["explain", "--key-id", id, "--request", request, "--protocol", "chat", ...at.store];
    const { code, stdout } = await llmGate(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/key +refuse +unauthorized: revoked/);
    expect(stdout).toContain("Denied. The client would get 401");
  });

  it("heeds what the key itself is limited to: its models, and its networks where an address is given", async () => {
    const id = await keyIdOf("alice@acme.test");
    await runInProcess(["key", "limit", id, "--models", "gpt-4o-mini", "--networks", "192.0.2.0/24", ...at.store]);
    const unjudged = await explainKey(id, "chat", chat("gpt-4o-mini"));
    expect(unjudged.decision).toBe("allow");
    expect(why(unjudged, "access")).toMatch(/from 192\.0\.2\.0\/24 only \(--from/);
    expect(why(unjudged, "model")).toContain("limited to (gpt-4o-mini)");
    const near = await explainKey(id, "chat", chat("gpt-4o-mini"), "--from", "192.0.2.7");
    expect(why(near, "access")).toContain("192.0.2.7 is there");
    const far = await explainKey(id, "chat", chat("gpt-4o-mini"), "--from", "198.51.100.7");
    expect([refusedAt(far), far.reason, why(far, "access")]).toEqual([
      ...["access", "admission", "api_key_access_disabled: admission (the key works from 192.0.2.0/24 only)"],
    ]);
    const other = await explainKey(id, "messages", { ...chat("claude-sonnet-4-5"), max_tokens: 9 });
    expect(why(other, "model")).toBe("model_access_denied: model_denied (the key is limited to gpt-4o-mini)");
    const { code } = await runInProcess([
      "explain",
      "--key-id",
      id,
      "--request",
      at.path("body.json"),
      "--protocol",
      "chat",
      "--from",
      "here",
      ...at.store,
    ]);
    expect(code).toBe(2);
  });

  it("heeds what a gate file says of Ask Mode", async () => {
    const file = at.write(
      "gate.yaml",
      "store: { sqlite: ./gate.db }\naskMode: { allowTools: [function], protocols: [chat] }\n",
    );
    const tools = [{ type: "function", name: "f", parameters: {} }];
    const body = { model: "gpt-4o-mini", input: "a", tools };
    expect((await explain("ann@acme.test", "responses", body)).decision).toBe("deny");
    expect((await explain("ann@acme.test", "responses", body, "--config", file)).decision).toBe("allow");
  });

  it("records nothing", async () => {
    const { records } = await llmGateJson<{ records: { kind: string }[] }>([
      "audit",
      "tail",
      "--limit",
      "500",
      ...at.store,
    ]);
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(["admin", "checkpoint"]));
  });
});

describe("llm-gate dlp scan", () => {
  const TEXT = `Write to ${PRIVATE}\nabout PRJ-123456, paid with 4111 1111 1111 1111\n`;

  it("says where and what kind, of standard input, and masks what it found", async () => {
    const { code, stdout } = await llmGate(["dlp", "scan"], { input: TEXT });
    expect(stdout.split("\n")).toEqual([
      "-:1:10: EMAIL_ADDRESS  Write to [EMAIL_ADDRESS]",
      "-:2:29: CREDIT_CARD  about PRJ-123456, paid with [CREDIT_CARD]",
      "2 findings",
      "",
    ]);
    expect(code).toBe(0);
  });

  it("also looks for the rules of a policy file", async () => {
    const { stdout } = await llmGate(["dlp", "scan", "-", "--policy", policy], { input: TEXT });
    expect(stdout).toContain("-:2:7: PROJECT_CODE  about [PROJECT_CODE], paid with ");
    expect(stdout).not.toContain("PRJ-");
    expect(stdout).not.toContain(PRIVATE);
  });

  it("shows values only when told to, and gives programs offsets", async () => {
    const file = at.write("notes.txt", TEXT);
    const scan = await llmGateJson<{ files: { file: string; findings: Record<string, unknown>[] }[] }>([
      ...["dlp", "scan", file, file, "--show-values"],
    ]);
    expect(scan.files.map((scanned) => scanned.file)).toEqual([file, file]);
    expect(scan.files[0]?.findings[0]).toMatchObject({
      ...{ entity: "EMAIL_ADDRESS", rule: "EMAIL_ADDRESS", line: 1, column: 10, start: 9, end: 24, value: PRIVATE },
    });
    expect((await runInProcess(["dlp", "scan", file, "--json"])).stdout).not.toContain(PRIVATE);
  });

  it("lets nothing in a file steer the terminal", async () => {
    const { stdout } = await runInProcess(["dlp", "scan"], { input: `\u001b[31m ${PRIVATE} \u001b]0;x\u0007` });
    expect(stdout).toContain("\\u{1b}[31m [EMAIL_ADDRESS]");
    expect(stdout).not.toContain("\u001b");
  });
});
