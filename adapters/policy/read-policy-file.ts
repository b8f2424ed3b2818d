import type { PolicyDocument } from "../../lib/admin/policy-document";
import { dlpChecks, type DlpAbilities } from "./dlp-checks";
import { policyChecks } from "./policy-checks";
import { policySchema, type ReadPolicy } from "./policy-schema";
import { expandPreset, type WrittenPolicy } from "./presets";
import { readPlacedYaml } from "./read-placed-yaml";

/**
 * Reads a policy file. Throws a ConfigurationError (`policy_invalid`) whose message has a line
 * `file:line:column: sentence` for everything that is wrong with it.
 */
export function readPolicyFile(text: string, fileName: string, abilities: DlpAbilities): PolicyDocument {
  return policyDocument(
    readPlacedYaml(text, {
      fileName,
      noun: "the policy",
      code: "policy_invalid",
      schema: policySchema,
      checks: (value) => [...policyChecks(value), ...dlpChecks(value, abilities)],
    }),
    abilities.entities,
  );
}

function policyDocument(
  { organization, dlp, models, groups, users }: ReadPolicy,
  entities: readonly string[],
): PolicyDocument {
  const expanded = (policy: WrittenPolicy | null) => (policy === null ? null : expandPreset(policy, entities));
  return Object.freeze({
    organization,
    dlp: dlp && expandPreset(dlp, entities),
    models: models.map((model) => ({
      ...model,
      displayName: model.displayName ?? model.id,
      dlp: expanded(model.dlp),
    })),
    groups: groups.map((group) => ({ ...group, dlp: expanded(group.dlp) })),
    users: users.map((user) => ({ ...user, groups: [...new Set(user.groups)].sort() })),
  });
}
