import { z } from "zod";
import { MOST_CONTENT } from "../../lib/check-audit-options";
import { strictObject } from "../policy/strict-object";
import { anthropicMessages } from "../protocols/anthropic-messages";
import { openaiChat } from "../protocols/openai-chat";
import { openaiResponses } from "../protocols/openai-responses";
import { detectorSchema } from "./detector-schema";
import { sinkSchema } from "./sink-schema";

const PROTOCOLS = [openaiChat, openaiResponses, anthropicMessages].map(({ name }) => name);
const LARGEST_PORT = 65_535;

const text = z.string().min(1, { error: "must not be empty" });
const protocols = z.array(z.enum(PROTOCOLS));

/** `${PORT}` is text, whatever it says. */
const whole = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z
      .int()
      .min(least, { error: `must be at least ${least}` })
      .max(most, { error: `must be at most ${most}` }),
  );

/** Hops and switches from the environment are text: Express would take "1" for the address 0.0.0.1, and trust nobody. */
const trustProxy = z.preprocess(
  (value) =>
    typeof value === "string" && /^(true|false|\d{1,15})$/.test(value) ? (JSON.parse(value) as unknown) : value,
  z.union([z.boolean(), z.int().min(0), z.string(), z.array(z.string())], {
    error: "must be true, false, a number of hops, or addresses, as Express's `trust proxy`",
  }),
);

const count = whole(1, Number.MAX_SAFE_INTEGER);
const milliseconds = whole(0, 2 ** 31 - 1);

const upstream = strictObject({
  baseUrl: text,
  apiKey: text,
  auth: z.enum(["bearer", "x-api-key"]).exactOptional(),
  protocols: protocols.exactOptional(),
});

const upstreamName = z.custom<string>((value) => typeof value === "string" && value !== "", {
  error: "must be the name of one of the upstreams beside it, or echo",
});

const log = strictObject({
  level: z.enum(["error", "warn", "info", "debug"]).default("info"),
  /** A copy of every audit record in the operator's log. */
  audit: z.boolean().default(false),
});

const audit = strictObject({
  node: text.exactOptional(),
  checkpoints: text.exactOptional(),
  checkpointKey: text.exactOptional(),
  floodPerSecond: count.exactOptional(),
  content: z.enum(["redacted"]).exactOptional(),
  contentKey: text.exactOptional(),
  contentBytes: whole(1, MOST_CONTENT).exactOptional(),
  spool: strictObject({ path: text, maxBytes: count.exactOptional(), maxMs: count.exactOptional() }).exactOptional(),
  sinks: z.array(sinkSchema).default([]),
  retention: strictObject({ days: whole(1, 36_500) }).exactOptional(),
});

const limits = strictObject({
  bodyBytes: count.exactOptional(),
  answerBytes: count.exactOptional(),
  bodyIdleMs: count.exactOptional(),
  staleMs: whole(0, 300_000).exactOptional(),
  idleMs: count.exactOptional(),
});

const askMode = strictObject({
  protocols: protocols.exactOptional(),
  allowTools: z.array(text).exactOptional(),
  resolution: z.enum(["every-group", "any-group"]).exactOptional(),
});

/** The keys of a gate file; what ties them together is in gate-checks. */
export const gateSchema = strictObject({
  listen: strictObject({ host: text.default("127.0.0.1"), port: whole(0, LARGEST_PORT).default(8787) }).prefault({}),
  store: strictObject({ sqlite: text.exactOptional(), postgres: text.exactOptional() }),
  bus: strictObject({ redis: text }).exactOptional(),
  upstreams: z.object({ default: upstreamName.exactOptional() }).catchall(upstream).prefault({}),
  audit: audit.prefault({}),
  limits: limits.prefault({}),
  trustProxy: trustProxy.default(false),
  prefix: text.exactOptional(),
  realm: text.exactOptional(),
  importedKeys: strictObject({ hmacSecrets: z.array(text) }).exactOptional(),
  errors: strictObject({ unauthorized: z.enum(["plain", "typed"]) }).exactOptional(),
  forward: strictObject({ remove: z.array(text) }).exactOptional(),
  askMode: askMode.prefault({}),
  dlp: strictObject({ budgetMs: count.exactOptional(), detectors: z.array(detectorSchema).default([]) }).prefault({}),
  drainMs: milliseconds.default(30_000),
  log: log.prefault({}),
});

export type ReadGateFile = z.infer<typeof gateSchema>;
