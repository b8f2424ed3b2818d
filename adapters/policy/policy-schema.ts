import { z } from "zod";
import { ROLES, USER_STATUSES } from "../../lib/policy/domain";
import { writtenDlpSchema } from "./dlp-schema";
import { strictObject } from "./strict-object";

const LONGEST_NAME = 200;

/** Names are compared byte for byte: what cannot be seen, or cannot be written in UTF-8, has no place in them. */
const name = z
  .string()
  .min(1, { error: "must not be empty" })
  .max(LONGEST_NAME, { error: `must have at most ${LONGEST_NAME} characters` })
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: "must not hold control characters or lone surrogates" })
  .refine((text) => text.trim() === text, { error: "must not begin or end with white space" });

const modelId = name.refine((id) => !id.includes("*"), { error: 'the id of a model must not hold "*"' });
const email = name.regex(/^[^\s@]+@[^\s@]+$/u, { error: "must be an e-mail address" });

const model = strictObject({
  id: modelId,
  provider: name,
  displayName: name.exactOptional(),
  enabled: z.boolean().default(true),
  upstreamModel: name.nullable().default(null),
  dlp: writtenDlpSchema.nullable().default(null),
});

const group = strictObject({
  name,
  personalApiKeyAccess: z.boolean().default(false),
  askModeOnly: z.boolean().default(false),
  models: z.array(name).default([]),
  providers: z.array(name).default([]),
  denyModels: z.array(name).default([]),
  denyProviders: z.array(name).default([]),
  dlp: writtenDlpSchema.nullable().default(null),
});

const user = strictObject({
  email,
  role: z.enum(ROLES).default("user"),
  status: z.enum(USER_STATUSES).default("active"),
  groups: z.array(name).default([]),
});

/** The keys of a policy file; what ties them together is in policy-checks. */
export const policySchema = strictObject({
  organization: name,
  models: z.array(model).default([]),
  groups: z.array(group).default([]),
  users: z.array(user).default([]),
  dlp: writtenDlpSchema.exactOptional(),
});

export type ReadPolicy = z.infer<typeof policySchema>;
