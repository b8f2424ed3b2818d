import { isDeepStrictEqual } from "node:util";
import type { AdminTransaction, Store } from "../ports/store";
import type { AdminContext } from "./admin-context";
import { AdminError } from "./admin-error";
import { hideWords } from "./hide-words";
import { isEmptyDiff, policyDiff, type PolicyChange, type PolicyDiff, type PolicyState } from "./policy-diff";
import type { PolicyDocument } from "./policy-document";
import { policyNotes } from "./policy-notes";
import { recorded, type AdminChange } from "./recorded";

export interface ApplyOptions {
  /** Also remove what the document does not name. Default false. */
  readonly prune?: boolean;
  /** Only say what would be done. Default false. */
  readonly dryRun?: boolean;
}

export interface AppliedPolicy extends PolicyDiff {
  readonly organization: string;
  /** False for a dry run, and when there was nothing to do. */
  readonly applied: boolean;
  /** What the operator should know about this policy. */
  readonly notes: readonly string[];
}

/** Makes the store look like the document: all of it or nothing. Doing it again does nothing. */
export async function applyPolicy(
  context: AdminContext,
  document: PolicyDocument,
  { prune = false, dryRun = false }: ApplyOptions = {},
): Promise<AppliedPolicy> {
  const { store } = context.options;
  const planned = await store.admin.transaction(async (tx) => ({
    diff: policyDiff(await readState(tx, document.organization), document, prune),
    others: (await tx.organizations()).map(({ name }) => name).filter((name) => name !== document.organization),
  }));
  const applied = !dryRun && !isEmptyDiff(planned.diff);
  if (applied) {
    await recorded(context.recorder, auditChanges(document, planned.diff), () =>
      write(store, document, prune, planned.diff),
    );
  }
  const notes = policyNotes(document, planned.diff, planned.others);
  return Object.freeze({ organization: document.organization, ...planned.diff, applied, notes });
}

/** What is written is what was recorded: if somebody else changed the store in between, nothing is. */
function write(store: Store, document: PolicyDocument, prune: boolean, planned: PolicyDiff): Promise<void> {
  return store.admin.transaction(async (tx) => {
    const diff = policyDiff(await readState(tx, document.organization), document, prune);
    if (!isDeepStrictEqual(diff, planned)) {
      throw new AdminError(
        "conflict",
        "Somebody else changed the store meanwhile, so nothing was applied: look again and apply again.",
      );
    }
    await writeDiff(tx, document, diff);
  });
}

async function readState(tx: AdminTransaction, name: string): Promise<PolicyState> {
  const organization = (await tx.organizations()).find((candidate) => candidate.name === name);
  if (organization === undefined) return { exists: false, dlp: null, models: [], groups: [], users: [] };
  const { id, dlp } = organization;
  return { exists: true, dlp, models: await tx.models(id), groups: await tx.groups(id), users: await tx.users(id) };
}

/** Groups before the users in them; on the way out, users first. */
async function writeDiff(tx: AdminTransaction, document: PolicyDocument, diff: PolicyDiff): Promise<void> {
  const id = await organizationId(tx, document, diff);
  const changed = new Set([...diff.added, ...diff.changed].map(({ subject, name }) => `${subject}:${name}`));
  for (const model of document.models) if (changed.has(`model:${model.id}`)) await tx.putModel(id, model);
  for (const group of document.groups) if (changed.has(`group:${group.name}`)) await tx.putGroup(id, group);
  for (const user of document.users) if (changed.has(`user:${user.email}`)) await tx.putUser(id, user);
  const gone = (subject: PolicyChange["subject"]) => diff.removed.filter((change) => change.subject === subject);
  for (const { name } of gone("user")) await tx.removeUser(id, name);
  for (const { name } of gone("group")) await tx.removeGroup(id, name);
  for (const { name } of gone("model")) await tx.removeModel(id, name);
}

async function organizationId(
  tx: AdminTransaction,
  { organization, dlp }: PolicyDocument,
  diff: PolicyDiff,
): Promise<string> {
  const existing = (await tx.organizations()).find(({ name }) => name === organization);
  const changed = [...diff.added, ...diff.changed].some(({ subject }) => subject === "organization");
  if (existing !== undefined && !changed) return existing.id;
  return (await tx.putOrganization(organization, dlp ?? null)).id;
}

function auditChanges({ organization }: PolicyDocument, diff: PolicyDiff): readonly AdminChange[] {
  return [...diff.added, ...diff.changed, ...diff.removed].map(({ subject, name, before, after }) => ({
    operation: "policy.apply",
    organization,
    keyId: null,
    subject: `${subject}:${name}`,
    before: hideWords(before),
    after: hideWords(after),
  }));
}
