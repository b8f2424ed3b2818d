import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { openTelemetrySink, type LogRecordExporter } from "../../../adapters/audit/open-telemetry";
import type { AuditEvent } from "../../../lib/audit/record";
import type { StoredRecord } from "../../../lib/ports/audit-log";
import { inChildProcess } from "../stores/child-process";
import { storedRecord } from "../../support/stored-record";

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly boolValue?: boolean;
}
interface OtlpRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly body: OtlpValue;
  readonly eventName?: string;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
}
interface OtlpRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly unknown[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly OtlpRecord[];
    }[];
  }[];
}

let collector: Server;
let url: string;
let status: number;
const requests: OtlpRequest[] = [];

beforeEach(async () => {
  status = 200;
  requests.length = 0;
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      requests.push(body as OtlpRequest);
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await once(collector.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/logs`;
});
afterEach(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

/** In a process of its own: jest's sandbox does not let the exporter import what it needs. What went wrong, or nothing. */
function deliver(...records: readonly StoredRecord[]): Promise<string> {
  return inChildProcess(`
    const { openTelemetrySink } = load("adapters/audit/open-telemetry");
    const sink = openTelemetrySink({ exporter: ${JSON.stringify({ url })} });
    const failed = await sink.deliver(${JSON.stringify(records)}, new AbortController().signal).catch((error) => error);
    await sink.close();
    process.stdout.write(failed ? failed.name + ": " + failed.message : "");`);
}

function received(): readonly OtlpRecord[] {
  return requests.flatMap(({ resourceLogs }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  );
}

function attributesOf({ attributes }: OtlpRecord): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] as unknown]));
}

it("reaches a collector over OTLP by the official exporter, mapped as the documentation says", async () => {
  const facts: Partial<AuditEvent> = {
    ...{ kind: "completion", operation: "messages.create", model: "claude", upstream: "anthropic", user: "a@b.c" },
    ...{ inputTokens: 7, outputTokens: 9, status: 200, outcome: "ok", decision: "allow", method: "POST" },
    ...{ path: "/v1/messages", bytesIn: 5, bytesOut: 6, source: "10.0.0.1", userAgent: "agent", clientSessionId: "s" },
  };
  expect(await deliver(storedRecord(4, facts))).toBe("");
  const [record] = received();
  if (record === undefined) throw new Error("nothing came");
  expect(record).toMatchObject({ severityNumber: 9, eventName: "gate.audit.completion", timeUnixNano: "0" });
  expect(attributesOf(record)).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude",
    "gen_ai.usage.input_tokens": 7,
    "gen_ai.usage.output_tokens": 9,
    "gen_ai.conversation.id": "s",
    "http.request.method": "POST",
    "url.path": "/v1/messages",
    "http.response.status_code": 200,
    "http.request.body.size": 5,
    "http.response.body.size": 6,
    "client.address": "10.0.0.1",
    "user_agent.original": "agent",
    "user.email": "a@b.c",
    ...{ "gate.v": 1, "gate.node": "n", "gate.boot": "b", "gate.seq": 4, "gate.kind": "completion" },
    ...{ "gate.at": "1970-01-01T00:00:00.000Z", "gate.operation": "messages.create", "gate.decision": "allow" },
    ...{ "gate.outcome": "ok", "gate.bothHeaders": false, "gate.staleAuth": false },
  });
  expect(requests[0]?.resourceLogs[0]?.scopeLogs[0]?.scope.name).toBe("express-llm-gate");
});

it("marks refusals as warnings with the reason, and keeps objects as JSON", async () => {
  const dlp = { request: null, response: null };
  await deliver(storedRecord(1, { decision: "deny", reason: "missing", dlp }));
  const [record] = received();
  expect(record?.severityNumber).toBe(13);
  expect(record && attributesOf(record)).toMatchObject({ "error.type": "missing", "gate.dlp": JSON.stringify(dlp) });
});

it("takes nothing for delivered that the collector did not acknowledge", async () => {
  status = 400;
  expect(await deliver(storedRecord(1))).toBe("SinkTrouble: the exporter failed: it was answered 400");
});

it("says no more of an exporter's failure than its name", async () => {
  const failing: LogRecordExporter = {
    export: (_, done) => done({ code: 1, error: new Error("http://user:hunter2@collector") }),
    shutdown: async () => undefined,
  };
  const given = openTelemetrySink({ exporter: failing }).deliver([storedRecord(1)], new AbortController().signal);
  await expect(given).rejects.toMatchObject({ message: "the exporter failed: Error" });
  expect(() => openTelemetrySink({ exporter: { url: "hunter2" } })).toThrow(/url that is none/);
});
