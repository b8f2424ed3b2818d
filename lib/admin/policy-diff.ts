import { isDeepStrictEqual } from "node:util";
import type { DlpPolicy } from "../dlp/policy";
import type { CatalogueModel, Group } from "../policy/domain";
import type { UserRecord } from "../ports/store";
import type { PolicyDocument, PolicyGroup, PolicyUser } from "./policy-document";

/** What is there now, as far as a policy document can speak of it. */
export interface PolicyState {
  /** False before the organisation was ever named. */
  readonly exists: boolean;
  readonly dlp: DlpPolicy | null;
  readonly models: readonly CatalogueModel[];
  readonly groups: readonly Group[];
  readonly users: readonly UserRecord[];
}

export type PolicyEntry =
  | { readonly subject: "organization"; readonly name: string; readonly value: { readonly dlp: DlpPolicy | null } }
  | { readonly subject: "model"; readonly name: string; readonly value: CatalogueModel }
  | { readonly subject: "group"; readonly name: string; readonly value: PolicyGroup }
  | { readonly subject: "user"; readonly name: string; readonly value: PolicyUser };

/** One thing that differs. `after` is null for what is removed, `before` for what is added. */
export interface PolicyChange {
  readonly subject: PolicyEntry["subject"];
  /** The organisation's or group's name, the model's id, the user's e-mail address. */
  readonly name: string;
  readonly before: PolicyEntry["value"] | null;
  readonly after: PolicyEntry["value"] | null;
}

export interface PolicyDiff {
  readonly added: readonly PolicyChange[];
  readonly changed: readonly PolicyChange[];
  /** What the document does not name and pruning takes away. */
  readonly removed: readonly PolicyChange[];
  /** What the document does not name and stays, since nothing is pruned. */
  readonly unnamed: readonly Pick<PolicyChange, "subject" | "name">[];
}

/** How to get from `state` to `document`. Only pruning takes anything away, the organisation's own policy included. */
export function policyDiff(state: PolicyState, document: PolicyDocument, prune: boolean): PolicyDiff {
  const before = new Map(stateEntries(state, document.organization).map((entry) => [placeOf(entry), entry]));
  const after = new Map(documentEntries(state, document, prune).map((entry) => [placeOf(entry), entry]));
  const changes = [...after].map(([place, entry]) => changeOf(entry, { before: before.get(place), after: entry }));
  const gone = [...before]
    .filter(([place]) => !after.has(place))
    .map(([, entry]) => changeOf(entry, { before: entry }));
  return Object.freeze({
    added: changes.filter((change) => change.before === null),
    changed: changes.filter((change) => change.before !== null && !isDeepStrictEqual(change.before, change.after)),
    removed: prune ? gone : [],
    unnamed: prune ? [] : gone.map(({ subject, name }) => ({ subject, name })),
  });
}

export function isEmptyDiff({ added, changed, removed }: PolicyDiff): boolean {
  return added.length + changed.length + removed.length === 0;
}

function placeOf({ subject, name }: PolicyEntry): string {
  return `${subject}:${name}`;
}

function changeOf(
  { subject, name }: PolicyEntry,
  values: { readonly before?: PolicyEntry | undefined; readonly after?: PolicyEntry },
): PolicyChange {
  return Object.freeze({ subject, name, before: values.before?.value ?? null, after: values.after?.value ?? null });
}

function stateEntries(state: PolicyState, organization: string): readonly PolicyEntry[] {
  const groups = state.groups.map(({ id: _, ...group }) => group);
  const users = state.users.map(({ email, role, status, groups: names }) => ({ email, role, status, groups: names }));
  const own = state.exists ? [organizationEntry(organization, state.dlp)] : [];
  return [...own, ...entries({ models: state.models, groups, users })];
}

/** A document that is silent about the organisation's policy leaves it, as it leaves every other thing it does not name. */
function documentEntries(state: PolicyState, document: PolicyDocument, prune: boolean): readonly PolicyEntry[] {
  const dlp = document.dlp ?? (prune ? null : state.dlp);
  return [organizationEntry(document.organization, dlp), ...entries(document)];
}

function organizationEntry(name: string, dlp: DlpPolicy | null): PolicyEntry {
  return { subject: "organization", name, value: { dlp } };
}

function entries(parts: Pick<PolicyDocument, "models" | "groups" | "users">): readonly PolicyEntry[] {
  return [
    ...parts.models.map((value) => ({ subject: "model", name: value.id, value }) as const),
    ...parts.groups.map((value) => ({ subject: "group", name: value.name, value }) as const),
    ...parts.users.map((value) => ({ subject: "user", name: value.email, value }) as const),
  ];
}
