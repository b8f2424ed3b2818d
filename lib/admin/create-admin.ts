import type { CatalogueModel, Group } from "../policy/domain";
import type { NodeRecord } from "../ports/node-registry";
import type { UserRecord } from "../ports/store";
import { NODE_LEASE_MS } from "../register-node";
import { adminContext, type AdminOptions } from "./admin-context";
import { adminKeys, type AdminKeys } from "./admin-keys";
import { appliedEverywhere, type Applied } from "./applied-everywhere";
import { applyPolicy, type AppliedPolicy, type ApplyOptions } from "./admin-policy";
import { adminTrail, type AdminTrail } from "./admin-trail";
import { adminPages, type AdminPages } from "./list-pages";
import type { PolicyDocument } from "./policy-document";

/**
 * Manages what the gate decides by. Rejects with an AdminError for what cannot be done, with the store's or the audit
 * trail's own error when one of them is down. Every change is on record before it is made.
 */
export interface Admin extends AdminKeys, AdminPages {
  applyPolicy(document: PolicyDocument, options?: ApplyOptions): Promise<AppliedPolicy>;
  users(): Promise<readonly UserRecord[]>;
  groups(): Promise<readonly Group[]>;
  models(): Promise<readonly CatalogueModel[]>;
  /** The gates that run on the store; none where the store cannot know. */
  nodes(): Promise<readonly NodeRecord[]>;
  /** Waits until every change so far has taken effect at every live node, for `limitMs` at most (default 30,000). */
  appliedEverywhere(limitMs?: number): Promise<Applied>;
  readonly audit: AdminTrail;
}

const APPLIED_MS = 30_000;

export function createAdmin(options: AdminOptions): Admin {
  const context = adminContext(Object.freeze({ ...options }));
  return Object.freeze({
    ...adminKeys(context),
    ...adminPages(context),
    applyPolicy: (document: PolicyDocument, apply?: ApplyOptions) => applyPolicy(context, document, apply),
    users: () => context.within((tx, organization) => tx.users(organization.id)),
    groups: () => context.within((tx, organization) => tx.groups(organization.id)),
    models: () => context.within((tx, organization) => tx.models(organization.id)),
    nodes: async () => (await options.store.nodes?.live(NODE_LEASE_MS)) ?? [],
    appliedEverywhere: (limitMs = APPLIED_MS) => appliedEverywhere(options.store, limitMs),
    audit: adminTrail(context),
  });
}
