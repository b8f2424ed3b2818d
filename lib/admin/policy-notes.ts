import { entityRule, type DlpPolicy } from "../dlp/policy";
import type { PolicyDiff } from "./policy-diff";
import type { PolicyDocument } from "./policy-document";

/** What is legal and may still surprise. */
export function policyNotes(
  document: PolicyDocument,
  diff: PolicyDiff,
  otherOrganizations: readonly string[],
): readonly string[] {
  const others = otherOrganizations.join(", ");
  return [
    ...idleAllowLists(document),
    ...rewrittenUsers(diff),
    ...(others === "" ? [] : [`The store also holds other organizations (${others}), which stay as they are.`]),
  ];
}

/** Addresses that differ in nothing but case are one mailbox, and two users of the store. */
function rewrittenUsers({ added, unnamed }: PolicyDiff): readonly string[] {
  const kept = new Map(
    unnamed.flatMap(({ subject, name }) => (subject === "user" ? [[name.toLowerCase(), name] as const] : [])),
  );
  return added.flatMap(({ subject, name }) => {
    const other = subject === "user" ? kept.get(name.toLowerCase()) : undefined;
    return other === undefined
      ? []
      : [
          `${name} is another user than ${other}, who keeps keys and groups: write the address as it was if they are one person.`,
        ];
  });
}

/** An allow-list excuses what its own policy demands, and nothing else. */
function idleAllowLists({ organization, dlp, groups, models }: PolicyDocument): readonly string[] {
  const owners = [
    { title: `organization ${organization}`, dlp: dlp ?? null },
    ...groups.map((group) => ({ title: `group ${group.name}`, dlp: group.dlp })),
    ...models.map((model) => ({ title: `model ${model.id}`, dlp: model.dlp })),
  ];
  return owners
    .filter((owner) => owner.dlp?.allow !== undefined && !demandsAnything(owner.dlp))
    .map(({ title }) => `The allow-list of ${title} excuses nothing, since that policy demands nothing itself.`);
}

function demandsAnything({ request, response, custom }: DlpPolicy): boolean {
  const rules = [...Object.values(request), ...Object.values(response)].map(entityRule);
  return [...rules, ...custom].some(({ action }) => action !== "off");
}
