import { Writable } from "node:stream";
import { createLogger, format as formats } from "winston";
import { winstonSink } from "../../../adapters/audit/winston";
import type { AuditEvent } from "../../../lib/audit/record";
import { storedRecord } from "../../support/stored-record";

/** Where winston keeps the text of an entry. */
const TEXT = Symbol.for("message");

async function lines(facts: Partial<AuditEvent>, format = formats.json()): Promise<readonly string[]> {
  const written: string[] = [];
  const logger = createLogger({ format });
  const write = (entry: { readonly [TEXT]: string }, _encoding: string, done: () => void): void => {
    written.push(entry[TEXT]);
    done();
  };
  logger.pipe(new Writable({ objectMode: true, write }));
  await winstonSink(logger).deliver([storedRecord(1, facts)], new AbortController().signal);
  await new Promise(setImmediate);
  return written;
}

it("writes one structured line for a record, absent facts left out", async () => {
  const [line = ""] = await lines({ decision: "deny", status: 401, reason: "missing" });
  expect(JSON.parse(line)).toEqual({
    ...{
      level: "warn",
      message: "audit refusal",
      kind: "refusal",
      at: "1970-01-01T00:00:00.000Z",
      v: 1,
      node: "n",
      boot: "b",
    },
    ...{ seq: 1, decision: "deny", status: 401, reason: "missing", bothHeaders: false, staleAuth: false },
  });
});

it("leaves sealed text in the trail", async () => {
  const content = { direction: "request", key: "k-1", nonce: "AAAA", sealed: "c2VhbGVk", cut: false } as const;
  const [line = ""] = await lines({ decision: "allow", content });
  expect(line).not.toContain("c2VhbGVk");
  expect(JSON.parse(line)).not.toHaveProperty("content");
});

it.each<[Partial<AuditEvent>, string]>([
  [{ decision: "allow", outcome: "ok" }, "info"],
  [{ decision: "allow", outcome: "client_aborted" }, "info"],
  [{ decision: "allow", outcome: "upstream_error" }, "warn"],
  [{ decision: "deny" }, "warn"],
  [{ outcome: "interrupted" }, "warn"],
])("writes %j at level %s", async (facts, level) => {
  expect(JSON.parse((await lines(facts))[0] ?? "")).toMatchObject({ level });
});

it("lets nothing that a caller sent begin a line or move a terminal, whatever the format", async () => {
  const plain = formats.printf(
    ({ message, model, userAgent }) => `${String(message)} ${String(model)} ${String(userAgent)}`,
  );
  const facts = { model: 'x\r\n{"outcome":"ok"}', userAgent: "\x1b[2K\u2028\x9b" };
  for (const format of [plain, formats.simple(), formats.json()]) {
    const [line = ""] = await lines(facts, format);
    expect(line).toContain("x");
    expect(line.split(/[\r\n\u2028\x1b\x9b]/)).toHaveLength(1);
  }
});
