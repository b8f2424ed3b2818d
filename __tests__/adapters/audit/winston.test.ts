import { Writable } from "node:stream";
import winston from "winston";
import { winstonSink } from "../../../adapters/audit/winston";
import { auditEvent, type AuditEvent } from "../../../lib/audit/record";
import { recordAt } from "../../../lib/audit/stamp-record";

function lines(facts: Partial<AuditEvent>, format = winston.format.json()): string[] {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  const logger = winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] });
  winstonSink(logger).write([recordAt({ node: "n", boot: "b" }, 1, auditEvent("refusal", 0, facts))]);
  return written;
}

it("writes one structured line for a record, absent facts left out", () => {
  const [line = ""] = lines({ decision: "deny", status: 401, reason: "missing" });
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

it.each<[Partial<AuditEvent>, string]>([
  [{ decision: "allow", outcome: "ok" }, "info"],
  [{ decision: "allow", outcome: "client_aborted" }, "info"],
  [{ decision: "allow", outcome: "upstream_error" }, "warn"],
  [{ decision: "deny" }, "warn"],
  [{ outcome: "interrupted" }, "warn"],
])("writes %j at level %s", (facts, level) => {
  expect(JSON.parse(lines(facts)[0] ?? "")).toMatchObject({ level });
});

it("lets nothing that a caller sent begin a line or move a terminal, whatever the format", () => {
  const plain = winston.format.printf(
    ({ message, model, userAgent }) => `${String(message)} ${String(model)} ${String(userAgent)}`,
  );
  const facts = { model: 'x\r\n{"outcome":"ok"}', userAgent: "\x1b[2K\u2028\x9b" };
  for (const format of [plain, winston.format.simple(), winston.format.json()]) {
    const written = lines(facts, format).join("").trimEnd();
    expect(written.split(/[\r\n\u2028\x1b\x9b]/)).toHaveLength(1);
  }
});
