import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryAuditLog, memoryTrail } from "../../../adapters/audit/memory";
import type { AuditEvent, AuditRecord } from "../../../lib/audit/record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { AuditLog } from "../../../lib/ports/audit-log";
import type { AuditObserver } from "../../../lib/ports/audit-sink";
import { createRecorder, type Recorder } from "../../../lib/stages/record";
import { decisionSink } from "../../../lib/stages/record/decision-sink";
import type { RecorderParts } from "../../../lib/stages/record/recording";
import { clearedCall } from "../../support/cleared-call";
import { manualClock } from "../../support/manual-clock";

const open: Recorder[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((recorder) => recorder.close()));
});

type Append = AuditLog["append"];

/** A recorder over a real log whose appends can be made to fail, and come late. */
function setting(parts: Partial<RecorderParts> = {}, boot = "b1", trail = memoryTrail()) {
  const clock = manualClock();
  const right = memoryAuditLog({ node: "n", boot }, trail);
  const state: { append: Append } = { append: right.append };
  const logged: { readonly message: string; readonly meta: object | undefined }[] = [];
  const note = (message: string, meta?: object): void => void logged.push({ message, meta });
  const recorder = createRecorder({
    log: { ...right, append: (events) => state.append(events) },
    ...{ sinks: [], clock, logger: { debug: note, info: note, warn: note, error: note }, timeoutMs: 100 },
    ...parts,
  });
  open.push(recorder);
  const records = (): AuditRecord[] => trail.rows.map(({ record }) => record);
  return { recorder, clock, trail, records, logged, right, state, kinds: () => records().map(({ kind }) => kind) };
}

const fails: Append = async () => {
  throw new Error("disk full");
};
const hangs: Append = () => new Promise(() => undefined);
const unavailable = { name: "Denial", code: "audit_unavailable", reason: "audit_unavailable" };
const OK = { status: 200, outcome: "ok", bytesOut: 120 } as const;

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 5_000) throw new Error("waited in vain");
    await sleep(5);
  }
}

it("tells the operator's log when the trail takes no records, why, and when it takes them again", async () => {
  const { recorder, clock, logged, state, right } = setting();
  const none = { message: "the audit trail takes no records: calls get 503", meta: { error: "disk full" } };
  const again = { message: "the audit trail takes records again", meta: undefined };
  const call = (requestId: string): Promise<unknown> => recorder.intent(clearedCall({ requestId })).catch(() => 0);
  state.append = fails;
  await call("r-1");
  await call("r-2");
  expect(logged).toEqual([none]);
  state.append = right.append;
  await call("r-3");
  state.append = fails;
  await call("r-4");
  expect(logged).toEqual([none, again]);
  await clock.advance(10_000);
  await call("r-5");
  expect(logged).toEqual([none, again, none]);
});

describe("what is said of a call", () => {
  it("is who asked for what, and never what was in it", async () => {
    const { recorder, records, trail } = setting();
    const body = clearedCall().bytes;
    await recorder.intent(clearedCall());
    expect(records()[0]).toMatchObject({
      ...{ kind: "intent", decision: "allow", requestId: "0192-call", clientRequestId: "client-1", protocol: "chat" },
      ...{ operation: "chat.create", method: "POST", path: "/v1/chat/completions", organization: "acme" },
      ...{ user: "alice@acme.test", keyId: "0123456789", credential: "bearer", bothHeaders: true, epoch: 41 },
      ...{ model: "gpt-4o-mini", upstream: "openai", stream: true, source: "203.0.113.7", userAgent: "curl/8" },
      ...{ bytesIn: body.length, status: null, outcome: null },
      digestIn: createHash("sha256").update(body).digest("hex"),
    });
    expect(Buffer.from(trail.rows[0]?.bytes ?? "canary").toString()).not.toContain("canary");
  });

  it("tells the body as judged from the body as forwarded", async () => {
    const { recorder, records } = setting();
    await recorder.intent(clearedCall({ bytes: Buffer.from("redacted") }));
    await recorder.intent(clearedCall({ requestId: "same" }));
    await recorder.intent(clearedCall({ requestId: "none", body: null, bytes: new Uint8Array() }));
    const [changed, same, none] = records();
    expect(changed?.digestOut).toBe(createHash("sha256").update("redacted").digest("hex"));
    expect(same?.digestOut).toBe(same?.digestIn);
    expect([none?.digestIn, none?.digestOut, none?.bytesIn]).toEqual([null, null, null]);
  });

  it("is repeated by the completion, with how it ended", async () => {
    const { recorder, records, clock } = setting();
    const dlp = { outcome: "clean", findings: {}, scanned: 1, delivered: 1, notScanned: [], notRewritten: 0 } as const;
    await recorder.intent(clearedCall({ dlp }));
    await clock.advance(1_234.5);
    const dlpResponse = { ...dlp, outcome: "redacted", findings: { EMAIL_ADDRESS: 2 } } as const;
    const usage = { inputTokens: 3, outputTokens: 5 };
    await recorder.completion(clearedCall(), { ...OK, usage, upstreamRequestId: "up-1", dlpResponse });
    expect(records()[1]).toMatchObject({
      ...{
        kind: "completion",
        requestId: "0192-call",
        user: "alice@acme.test",
        status: 200,
        outcome: "ok",
        durationMs: 1_235,
      },
      ...{
        inputTokens: 3,
        outputTokens: 5,
        bytesOut: 120,
        upstreamRequestId: "up-1",
        digestIn: records()[0]?.digestIn,
      },
      dlp: { request: dlp, response: dlpResponse },
    });
  });

  it("can be next to nothing: a request that Node's parser refused has no path", async () => {
    const { recorder, records } = setting();
    await recorder.refusal({ reason: "parser", status: 400 });
    expect(records()[0]).toMatchObject({
      kind: "refusal",
      decision: "deny",
      reason: "parser",
      status: 400,
      path: null,
    });
  });

  it("is one record for a call that the gate answers itself", async () => {
    const { recorder, records } = setting();
    await recorder.single(clearedCall(), OK);
    expect(records()).toEqual([expect.objectContaining({ kind: "completion", decision: "allow", status: 200 })]);
  });
});

describe("what cannot be recorded", () => {
  it.each([
    ["fails", fails],
    ["hangs", hangs],
  ])("is refused as audit_unavailable when the trail %s", async (_how, append) => {
    const { recorder, state } = setting();
    state.append = append;
    await expect(recorder.intent(clearedCall())).rejects.toMatchObject(unavailable);
    await expect(recorder.refusal({ reason: "missing", status: 401 })).rejects.toMatchObject(unavailable);
    await expect(recorder.single(clearedCall(), OK)).rejects.toMatchObject(unavailable);
    expect(recorder.counts()).toMatchObject({ refusedUnrecorded: 3, open: 0 });
  });

  it("says nothing of the cause to the client", async () => {
    const { recorder, state } = setting();
    state.append = fails;
    const denial: unknown = await recorder.intent(clearedCall()).catch((error: unknown) => error);
    expect(denial).toMatchObject({ publicMessage: "The audit trail is unavailable.", detail: undefined });
  });

  it("is ended as refused, should it be on record after all", async () => {
    const { recorder, state, right, records } = setting();
    state.append = async (events) => {
      await right.append(events);
      state.append = right.append;
      throw new UncertainAppend();
    };
    await expect(recorder.intent(clearedCall())).rejects.toMatchObject(unavailable);
    await until(() => records().length === 2);
    expect(records()[1]).toMatchObject({
      kind: "completion",
      status: 503,
      outcome: "refused",
      reason: "audit_unavailable",
    });
  });

  it("leaves no trace when it is certain that it is not on record", async () => {
    const { recorder, state, right, records } = setting();
    state.append = fails;
    await recorder.intent(clearedCall()).catch(() => undefined);
    state.append = right.append;
    await recorder.close();
    expect(records()).toEqual([]);
  });
});

describe("a completion", () => {
  it("is written once: a second one is dropped and logged", async () => {
    const { recorder, kinds, logged } = setting();
    await recorder.intent(clearedCall());
    await Promise.all([recorder.completion(clearedCall(), OK), recorder.completion(clearedCall(), OK)]);
    await recorder.completion(clearedCall(), { ...OK, outcome: "client_aborted" });
    expect(kinds()).toEqual(["intent", "completion"]);
    expect(logged).toHaveLength(2);
    expect(recorder.counts()).toMatchObject({ completionsRepeated: 2, open: 0 });
  });

  it("that the trail does not take is told to the caller, kept, and written when the trail heals", async () => {
    const { recorder, state, right, kinds } = setting();
    await recorder.intent(clearedCall());
    state.append = fails;
    await expect(recorder.completion(clearedCall(), OK)).rejects.toMatchObject(unavailable);
    expect(recorder.healthy()).toBe(false);
    expect(recorder.counts()).toMatchObject({ completionsLate: 1, completionsOwed: 1, open: 0 });
    await sleep(150);
    state.append = right.append;
    await until(() => recorder.healthy());
    expect(kinds()).toEqual(["intent", "completion"]);
    expect(recorder.counts()).toMatchObject({ completionsOwed: 0, completionsLost: 0 });
  });

  it("that is written late says 503 when its answer was held back, and the truth when it had left", async () => {
    const { recorder, state, right, records } = setting();
    const [held, sent] = [clearedCall({ requestId: "held" }), clearedCall({ requestId: "sent" })];
    await Promise.all([recorder.intent(held), recorder.intent(sent)]);
    state.append = fails;
    await recorder.completion(held, { ...OK, held: true }).catch(() => undefined);
    await recorder.completion(sent, OK).catch(() => undefined);
    state.append = right.append;
    await until(() => recorder.healthy());
    expect(records().slice(2)).toMatchObject([
      { requestId: "held", status: 503, outcome: "refused", reason: "audit_unavailable", bytesOut: 0 },
      { requestId: "sent", status: 200, outcome: "ok", reason: null, bytesOut: 120 },
    ]);
  });

  it("is on record once when nobody knew whether it was, and it is written again", async () => {
    const { recorder, state, right, kinds } = setting();
    await recorder.intent(clearedCall());
    state.append = async (events) => {
      await right.append(events);
      throw new UncertainAppend();
    };
    await recorder.completion(clearedCall(), OK).catch(() => undefined);
    state.append = right.append;
    await until(() => recorder.healthy());
    expect(kinds()).toEqual(["intent", "completion"]);
  });

  it("is lost only with the process, and then logged and counted", async () => {
    const { recorder, state, logged } = setting();
    await recorder.intent(clearedCall());
    state.append = fails;
    await recorder.completion(clearedCall(), OK).catch(() => undefined);
    await recorder.close();
    expect(recorder.counts().completionsLost).toBe(1);
    expect(logged.at(-1)).toMatchObject({ meta: { requestId: "0192-call", outcome: "ok" } });
  });
});

describe("a flood of unauthenticated calls", () => {
  it("is summed, and its answers wait for the sum", async () => {
    const { recorder, kinds, clock } = setting({ flood: { perSecond: 2 } });
    const facts = { reason: "missing", status: 401, source: "a" } as const;
    const answered = Promise.all([1, 2, 3, 4, 5].map(() => recorder.refusal(facts)));
    await clock.advance(0);
    expect(kinds()).toEqual(["refusal", "refusal"]);
    await recorder.close();
    await answered;
    expect(kinds()).toEqual(["refusal", "refusal", "summary"]);
  });

  it("takes nothing from calls whose caller is known", async () => {
    const { recorder, kinds } = setting({ flood: { perSecond: 0 } });
    await recorder.refusal({ reason: "model_denied", status: 403, user: "alice@acme.test", source: "a" });
    expect(kinds()).toEqual(["refusal"]);
  });
});

describe("after a crash", () => {
  it("open intents of earlier boots become interrupted, once", async () => {
    const before = setting();
    const calls = Array.from({ length: 3 }, (_, index) => clearedCall({ requestId: `call-${index}` }));
    for (const call of calls) await before.recorder.intent(call);
    await before.recorder.completion(clearedCall({ requestId: "call-1" }), OK);
    const after = setting({}, "b2", before.trail);
    await after.recorder.intent(clearedCall({ requestId: "new" }));
    expect([await after.recorder.recover(), await after.recorder.recover()]).toEqual([2, 0]);
    const interrupted = after.records().filter(({ kind }) => kind === "interrupted");
    expect(interrupted).toMatchObject([
      { requestId: "call-0", boot: "b2", outcome: "interrupted", user: "alice@acme.test", status: null },
      { requestId: "call-2", boot: "b2", outcome: "interrupted", model: "gpt-4o-mini" },
    ]);
  });
});

describe("observers", () => {
  it("are told of every record after it is durable, in order, frozen through and through", async () => {
    const seen: AuditRecord[] = [];
    const { recorder, records, state } = setting({
      sinks: [{ name: "list", write: (batch) => void seen.push(...batch) }],
    });
    await recorder.intent(
      clearedCall({
        dlp: { outcome: "clean", findings: {}, scanned: 1, delivered: 1, notScanned: [], notRewritten: 0 },
      }),
    );
    await recorder.completion(clearedCall(), OK);
    state.append = fails;
    await recorder.refusal({ status: 403, user: "x" }).catch(() => undefined);
    await recorder.close();
    expect(seen).toEqual(records());
    expect(
      seen.every((record) => Object.isFrozen(record) && Object.isFrozen(record.dlp?.request?.findings ?? record)),
    ).toBe(true);
  });

  it("change nothing when they throw, write to the record or are slow", async () => {
    const bad: AuditObserver = {
      name: "bad",
      write: ([record]) => {
        Object.assign(record as AuditEvent, { user: "mallory" });
      },
    };
    const { recorder, records, logged } = setting({ sinks: [bad] });
    await recorder.intent(clearedCall());
    await recorder.completion(clearedCall(), OK);
    await recorder.close();
    expect(records().map(({ user }) => user)).toEqual(["alice@acme.test", "alice@acme.test"]);
    expect(recorder.counts().sinkFailures).toBeGreaterThan(0);
    expect(logged[0]?.meta).toMatchObject({ sink: "bad", error: "TypeError" });
  });

  it("tell the host's own function of what comes after a record that it threw at", async () => {
    const seen: string[] = [];
    const onDecision = ({ kind }: AuditEvent): unknown => {
      seen.push(kind);
      if (seen.length === 1) throw new TypeError("the host's mistake");
      return Promise.reject(new TypeError("the host's mistake"));
    };
    const { recorder, records, logged } = setting({ sinks: [decisionSink(onDecision)] });
    await Promise.all([recorder.intent(clearedCall()), recorder.refusal({ status: 403, user: "x" })]);
    await recorder.close();
    expect(seen).toEqual(records().map(({ kind }) => kind));
    await until(() => logged.length > 0);
    expect(logged[0]?.meta).toMatchObject({ sink: "onDecision", error: "TypeError" });
  });
});
