import type { AuditRecord } from "../../lib/audit/record";
import type { StoredRecord } from "../../lib/ports/audit-log";
import type { AuditSink } from "../../lib/ports/audit-sink";
import { SinkTrouble, troubleOf } from "../../lib/sinks/sink-trouble";
import { logAttributes, type LogAttributes } from "./open-telemetry/log-attributes";
import { otlpLogExporter, type OtlpSettings } from "./open-telemetry/load-exporter";
import { sinkInvalid, sinkName } from "./sink-name";

/** Seconds and nanoseconds since the Unix epoch. */
type HrTime = [seconds: number, nanoseconds: number];

/** A log record as the SDK's exporters read it. */
export interface ReadableLogRecord {
  readonly hrTime: HrTime;
  readonly hrTimeObserved: HrTime;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string;
  readonly eventName: string;
  readonly resource: { readonly attributes: Readonly<Record<string, string>> };
  readonly instrumentationScope: { readonly name: string };
  readonly attributes: LogAttributes;
  readonly droppedAttributesCount: number;
}

/** What of a log exporter is called: those of `@opentelemetry/sdk-logs` fit. `code` 0 is success. */
export interface LogRecordExporter {
  // A method, so that exporters that ask for more of a record fit too.
  export(records: ReadableLogRecord[], done: (result: { readonly code: number; readonly error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

export interface OpenTelemetrySinkOptions {
  /** An exporter, or the settings of the official one over OTLP/HTTP. */
  readonly exporter: LogRecordExporter | OtlpSettings;
  /** Default `open-telemetry`. */
  readonly name?: string;
  /** Of the resource. Default `llm-gate`. */
  readonly serviceName?: string;
}

const INFO = 9;
const WARN = 13;
const GOOD_ENDS: ReadonlySet<string> = new Set(["ok", "client_aborted"]);
const SCOPE = Object.freeze({ name: "express-llm-gate" });

/**
 * Hands every record to a log exporter, mapped to the conventions for generative AI and HTTP (docs/audit.md), and counts
 * on the exporter's own word: no processor that buffers is in between. The exporter is shut down with the gate.
 */
export function openTelemetrySink(options: OpenTelemetrySinkOptions): AuditSink {
  const { name = "open-telemetry", serviceName = "llm-gate" } = options;
  const exporter = "export" in options.exporter ? options.exporter : otlpLogExporter(checked(options.exporter));
  const resource = Object.freeze({ attributes: Object.freeze({ "service.name": serviceName }) });
  return Object.freeze({
    name: sinkName(name),
    async deliver(records: readonly StoredRecord[]): Promise<void> {
      const logs = records.map(({ record }) => logRecord(record, resource));
      const { code, error } = await exported(exporter, logs);
      if (code !== 0) throw new SinkTrouble(`the exporter failed: ${failure(error)}`);
    },
    close: () => exporter.shutdown(),
  });
}

function checked(settings: OtlpSettings): OtlpSettings {
  if (URL.canParse(settings.url) && /^https?:$/.test(new URL(settings.url).protocol)) return settings;
  throw sinkInvalid("of the kind open-telemetry has a url that is none: write http://collector:4318/v1/logs, say");
}

function exported(
  exporter: LogRecordExporter,
  logs: ReadableLogRecord[],
): Promise<{ readonly code: number; readonly error?: Error }> {
  return new Promise((resolve) => exporter.export(logs, resolve));
}

/** An exporter's words could quote an address; the status of an answer cannot. */
function failure(error: Error | undefined): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "number" ? `it was answered ${code}` : troubleOf(error ?? new Error());
}

function logRecord(record: AuditRecord, resource: ReadableLogRecord["resource"]): ReadableLogRecord {
  const at = Date.parse(record.at);
  const time: HrTime = [Math.floor(at / 1_000), (at % 1_000) * 1_000_000];
  const ended = record.outcome === null || GOOD_ENDS.has(record.outcome);
  const good = record.decision !== "deny" && ended;
  return {
    ...{ hrTime: time, hrTimeObserved: time, resource, instrumentationScope: SCOPE },
    severityNumber: good ? INFO : WARN,
    severityText: good ? "INFO" : "WARN",
    body: `audit ${record.kind}`,
    eventName: `gate.audit.${record.kind}`,
    attributes: logAttributes(record),
    droppedAttributesCount: 0,
  };
}
