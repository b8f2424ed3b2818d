import type { CatalogueModel, Group } from "../policy/domain";
import type { UserRecord } from "../ports/store";
import { adminContext, type AdminOptions } from "./admin-context";
import { adminKeys, type AdminKeys } from "./admin-keys";
import { appliedEverywhere, type Applied } from "./applied-everywhere";
import { applyPolicy, type AppliedPolicy, type ApplyOptions } from "./admin-policy";
import { adminTrail, type AdminTrail } from "./admin-trail";
import { adminPages, type AdminPages } from "./list-pages";
import { mayServe, nodeStandings, type NodeStanding } from "./node-standing";
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
  /** The gates that run on the store, and those that may without giving a sign of life; none where the store cannot know. */
  nodes(): Promise<readonly NodeStanding[]>;
  /**
   * Waits until every change so far has taken effect at every live node, and no silent one can serve what it knew before,
   * for `limitMs` at most (default 40,000).
   */
  appliedEverywhere(limitMs?: number): Promise<Applied>;
  /** The store's time, by which keys expire: milliseconds since the Unix epoch. */
  now(): Promise<number>;
  readonly audit: AdminTrail;
}

/** Above what a node may be silent and serve, unless its `limits.staleMs` was raised. */
const APPLIED_MS = 40_000;

export function createAdmin(options: AdminOptions): Admin {
  const context = adminContext(Object.freeze({ ...options }));
  return Object.freeze({
    ...adminKeys(context),
    ...adminPages(context),
    applyPolicy: (document: PolicyDocument, apply?: ApplyOptions) => applyPolicy(context, document, apply),
    users: () => context.within((tx, organization) => tx.users(organization.id)),
    groups: () => context.within((tx, organization) => tx.groups(organization.id)),
    models: () => context.within((tx, organization) => tx.models(organization.id)),
    nodes: async () => (await nodeStandings(options.store)).filter(mayServe),
    appliedEverywhere: (limitMs = APPLIED_MS) => appliedEverywhere(options.store, options.clock, limitMs),
    now: context.now,
    audit: adminTrail(context),
  });
}
