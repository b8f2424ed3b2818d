import type { AppliedPolicy, ApplyOptions, PolicyChange } from "../../lib/admin";
import type { DlpPolicy } from "../../lib/dlp/policy";
import { dlpChanges } from "./dlp-members";
import { printable } from "./printable";

/** What changed, or would, as people read it: `+` added, `~` changed with each member that differs, `-` removed; data loss rules written out. */
export function describePolicyDiff(result: AppliedPolicy, { dryRun = false }: ApplyOptions): string {
  const { added, changed, removed, unnamed, notes } = result;
  const lines = [
    ...added.flatMap((change) => [`+ ${title(change)}`, ...dlpLines(change)]),
    ...changed.flatMap((change) => [`~ ${title(change)}`, ...memberLines(change), ...dlpLines(change)]),
    ...removed.map((change) => `- ${title(change)}`),
  ];
  return [
    ...lines,
    ...(lines.length > 0 ? [""] : []),
    verdict(result, lines.length === 0, dryRun),
    ...(unnamed.length > 0
      ? [`Not in the file, and kept: ${unnamed.map(title).join(", ")}. --prune removes them.`]
      : []),
    ...notes.map((note) => `Note: ${note}`),
  ].join("\n");
}

function title({ subject, name }: Pick<PolicyChange, "subject" | "name">): string {
  return `${subject} ${printable(name)}`;
}

function verdict({ organization, added, changed, removed }: AppliedPolicy, nothing: boolean, dryRun: boolean): string {
  if (nothing) return `${printable(organization)} is as the file says: nothing to do.`;
  const done = [`${added.length} added`, `${changed.length} changed`, `${removed.length} removed`].join(", ");
  if (dryRun) return `A dry run, nothing was applied. It would be: ${done}.`;
  return `Applied to ${printable(organization)}: ${done}.`;
}

function memberLines({ before, after }: PolicyChange): readonly string[] {
  const [old, next] = [membersOf(before), membersOf(after)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((name) => old.get(name) !== next.get(name))
    .map((name) => `    ${name}: ${old.get(name) ?? "-"} -> ${next.get(name) ?? "-"}`);
}

/** What a policy asks for in the end, presets written out. */
function dlpLines({ before, after }: PolicyChange): readonly string[] {
  return dlpChanges(dlpOf(before), dlpOf(after)).map((line) => `    ${line}`);
}

function dlpOf(value: PolicyChange["before"]): DlpPolicy | null {
  return value !== null && "dlp" in value ? value.dlp : null;
}

function membersOf(value: PolicyChange["before"]): ReadonlyMap<string, string> {
  const members = Object.entries(value ?? {}).filter(([name]) => name !== "dlp");
  return new Map(members.map(([name, member]) => [name, printable(JSON.stringify(member))]));
}
