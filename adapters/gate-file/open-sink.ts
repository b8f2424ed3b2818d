import { readFileSync } from "node:fs";
import { ConfigurationError } from "../../lib/denial";
import type { AuditSink } from "../../lib/ports/audit-sink";
import { natsSink, type NatsSinkOptions } from "../audit/nats";
import { openTelemetrySink } from "../audit/open-telemetry";
import { webhookSink } from "../audit/webhook";
import type { SinkSettings } from "./sink-schema";

/** The sink that an entry of `audit.sinks` describes. It connects when it is first needed. Throws ConfigurationError. */
export function openSink({ webhook, nats, openTelemetry }: SinkSettings): AuditSink {
  if (webhook !== undefined) return webhookSink(webhook);
  if (nats !== undefined) return natsSink(natsOptions(nats));
  if (openTelemetry !== undefined) return telemetrySink(openTelemetry);
  throw new ConfigurationError("audit_sink_invalid", "An audit sink has no kind.");
}

function natsOptions({ credentialsFile, ...options }: NonNullable<SinkSettings["nats"]>): NatsSinkOptions {
  return credentialsFile === undefined ? options : { ...options, credentials: readCredentials(credentialsFile) };
}

function readCredentials(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError("audit_sink_invalid", `The NATS credentials ${path} cannot be read: ${code}.`, error);
  }
}

function telemetrySink({ url, headers, ...options }: NonNullable<SinkSettings["openTelemetry"]>): AuditSink {
  return openTelemetrySink({ ...options, exporter: { url, ...(headers !== undefined && { headers }) } });
}
