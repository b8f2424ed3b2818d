import { z } from "zod";
import { CONTEXT_NEEDS, DIRECTIONS, DLP_ACTIONS, STREAM_MODES, type DlpPolicy } from "../../lib/dlp/policy";
import { PRESETS, type WrittenPolicy } from "./presets";
import { strictObject } from "./strict-object";

const action = z.enum(DLP_ACTIONS);
const words = z.array(z.string().min(1)).min(1);

const SCORES = { error: "must be from 0 to 1" };

/** An action alone, or with conditions. */
const entitySetting = z.union([
  action,
  strictObject({
    action,
    minScore: z.number().min(0, SCORES).max(1, SCORES).exactOptional(),
    context: z.enum(CONTEXT_NEEDS).exactOptional(),
  }),
]);

/** Longer ones could not be told in a stream from their end. */
const LONGEST_PHRASE = 200;

const allowList = strictObject({
  values: z.array(z.string().regex(/\S/, { error: "must not be empty" })).default([]),
  phrases: z
    .array(
      z
        .string()
        .regex(/\S/, { error: "must hold a word" })
        .max(LONGEST_PHRASE, { error: `must have at most ${LONGEST_PHRASE} characters` }),
    )
    .default([]),
});

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

const members = {
  request: z.record(z.string(), entitySetting).default({}),
  response: z.record(z.string(), entitySetting).default({}),
  custom: z.array(customRule).default([]),
  allow: allowList.exactOptional(),
  uninspectable: z.enum(["allow", "block"]).exactOptional(),
  unrewritable: z.enum(["allow", "block"]).exactOptional(),
  stream: z.enum(STREAM_MODES).exactOptional(),
};

/** A DLP policy as it is at rest; what is left out gets its default. */
export const dlpSchema = strictObject(members) satisfies z.ZodType<DlpPolicy>;

/** The same as people write it. */
export const writtenDlpSchema = strictObject({
  preset: z.enum(PRESETS).exactOptional(),
  ...members,
}) satisfies z.ZodType<WrittenPolicy>;
