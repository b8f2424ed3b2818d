import { z } from "zod";
import { strictObject } from "../policy/strict-object";

const text = z.string().min(1, { error: "must not be empty" });
const count = z.int().min(1, { error: "must be at least 1" });
const oneOrMore = z.union([text, z.array(text).min(1, { error: "must not be empty" })]);

const webhook = strictObject({
  url: text,
  secret: oneOrMore,
  name: text.exactOptional(),
  timeoutMs: count.exactOptional(),
  maxBytes: count.exactOptional(),
});

const nats = strictObject({
  servers: oneOrMore,
  subject: text.exactOptional(),
  stream: text.exactOptional(),
  name: text.exactOptional(),
  user: text.exactOptional(),
  password: text.exactOptional(),
  token: text.exactOptional(),
  /** The path of one. */
  credentialsFile: text.exactOptional(),
  timeoutMs: count.exactOptional(),
});

const openTelemetry = strictObject({
  url: text,
  headers: z.record(z.string(), text).exactOptional(),
  name: text.exactOptional(),
  serviceName: text.exactOptional(),
});

/** One entry of `audit.sinks`; that it is of one kind is in sink-checks. */
export const sinkSchema = strictObject({
  webhook: webhook.exactOptional(),
  nats: nats.exactOptional(),
  openTelemetry: openTelemetry.exactOptional(),
});

export type SinkSettings = z.infer<typeof sinkSchema>;
export const SINK_KINDS = ["webhook", "nats", "openTelemetry"] as const;
