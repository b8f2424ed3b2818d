import { z } from "zod";
import { DIRECTIONS, DLP_ACTIONS, STREAM_MODES, type DlpPolicy } from "../../lib/dlp/policy";
import { strictObject } from "./strict-object";

const action = z.enum(DLP_ACTIONS);
const words = z.array(z.string().min(1)).min(1);

const customRule = strictObject({
  name: z.string().min(1),
  regex: z.string().min(1).exactOptional(),
  phrases: words.exactOptional(),
  literals: words.exactOptional(),
  action,
  on: z.enum([...DIRECTIONS, "both"]).default("both"),
}).refine((rule) => [rule.regex, rule.phrases, rule.literals].filter((form) => form !== undefined).length === 1, {
  error: "a custom rule has exactly one of regex, phrases and literals",
});

/** A DLP policy as it is written by people and at rest; what is left out gets its default. */
export const dlpSchema = strictObject({
  request: z.record(z.string(), action).default({}),
  response: z.record(z.string(), action).default({}),
  custom: z.array(customRule).default([]),
  uninspectable: z.enum(["allow", "block"]).exactOptional(),
  unrewritable: z.enum(["allow", "block"]).exactOptional(),
  stream: z.enum(STREAM_MODES).exactOptional(),
}) satisfies z.ZodType<DlpPolicy>;
