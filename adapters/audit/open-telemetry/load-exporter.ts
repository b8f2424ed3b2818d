import { createRequire } from "node:module";
import { ConfigurationError } from "../../../lib/denial";
import type { LogRecordExporter } from "../open-telemetry";

export interface OtlpSettings {
  /** Of the collector's logs: `http://collector:4318/v1/logs`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMillis?: number;
}

type Package = { readonly OTLPLogExporter: new (settings: OtlpSettings) => LogRecordExporter };

/** The official exporter over OTLP/HTTP, an optional peer. Throws ConfigurationError. */
export function otlpLogExporter(settings: OtlpSettings): LogRecordExporter {
  try {
    const { OTLPLogExporter } = createRequire(__filename)("@opentelemetry/exporter-logs-otlp-http") as Package;
    return new OTLPLogExporter(settings);
  } catch (cause) {
    throw new ConfigurationError(
      "open_telemetry_missing",
      "An OpenTelemetry sink needs the package @opentelemetry/exporter-logs-otlp-http, which could not be loaded: run `npm install @opentelemetry/exporter-logs-otlp-http`.",
      cause,
    );
  }
}
