import type { AuditRecord } from "../../../lib/audit/record";

type Attribute = string | number | boolean;
export type LogAttributes = Readonly<Record<string, Attribute>>;

/** Members that the generative AI and HTTP conventions have a name for; every other one is `gate.` and its own name. */
const CONVENTIONAL: Readonly<Partial<Record<keyof AuditRecord, string>>> = {
  upstream: "gen_ai.provider.name",
  model: "gen_ai.request.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  clientSessionId: "gen_ai.conversation.id",
  method: "http.request.method",
  path: "url.path",
  status: "http.response.status_code",
  bytesIn: "http.request.body.size",
  bytesOut: "http.response.body.size",
  source: "client.address",
  userAgent: "user_agent.original",
  user: "user.email",
};

const ASKS_A_MODEL = /^(chat|responses|messages)\.create$/;

/** A record as attributes of a log record; absent facts are left out, objects are JSON text. */
export function logAttributes(record: AuditRecord): LogAttributes {
  const attributes: Record<string, Attribute> = {};
  for (const [member, value] of Object.entries(record) as [keyof AuditRecord, unknown][]) {
    if (value !== null) attributes[CONVENTIONAL[member] ?? `gate.${member}`] = attribute(value);
  }
  if (ASKS_A_MODEL.test(record.operation ?? "")) attributes["gen_ai.operation.name"] = "chat";
  const error = record.reason ?? (record.outcome === "ok" ? null : record.outcome);
  if (error !== null) attributes["error.type"] = error;
  return attributes;
}

function attribute(value: unknown): Attribute {
  return typeof value === "object" ? JSON.stringify(value) : (value as Attribute);
}
