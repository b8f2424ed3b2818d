import { rewrapped } from "../audit/content/data-key";
import { masterKeys, type MasterKeys } from "../audit/content/master-keys";
import { auditEvent, type AuditEvent, type AuditRecord } from "../audit/record";
import { ConfigurationError } from "../denial";
import type { AuditLog } from "../ports/audit-log";
import type { ContentKey, ContentKeys } from "../ports/content-keys";
import type { AdminContext, AdminOptions } from "./admin-context";
import { checkedFilter } from "./checked-filter";
import { textReader, type ReadText } from "./read-text";
import { everyRecord, searchTrail, type TrailFilter, type TrailPage } from "./search-trail";

export interface PageRequest {
  /** Default 100. */
  readonly limit?: number;
  /** Of the page before. */
  readonly cursor?: string;
}

/** A record with what can be read of its text; null where it has none. */
export interface RecordWithText {
  readonly record: AuditRecord;
  readonly text: ReadText | null;
}

export interface TextPage {
  /** The newest first. */
  readonly records: readonly RecordWithText[];
  readonly cursor: string | null;
}

/**
 * The audit trail, for those who may read it. Who reads text, or erases it, is on record before it is done. A filter whose
 * times are none, or have nothing between them, is an AdminError (`invalid_argument`).
 */
export interface AdminTrail {
  /** One page of the audit trail, the newest record first. */
  search(filter: TrailFilter, page?: PageRequest): Promise<TrailPage>;
  /** The same with the text of the calls. Needs the master key: `createAdmin({ contentKey })`. */
  readTexts(filter: TrailFilter, page?: PageRequest): Promise<TextPage>;
  /** Every record of the filter with its text, the first that was written first. */
  exportTexts(filter: TrailFilter): AsyncIterable<RecordWithText>;
  /** Destroys the keys of a user's text: what was kept of it so far can never be read again. Gives the number of keys; 0: there was none, and nothing is on record. */
  eraseTexts(user: string): Promise<number>;
  /** Puts the keys of all text under the current master key; gives how many were under another; 0 is not on record. */
  rewrapKeys(): Promise<number>;
}

export function adminTrail(context: AdminContext): AdminTrail {
  const { options } = context;
  return Object.freeze<AdminTrail>({
    search: async (filter, page) => searchTrail(trailOf(options), checkedFilter(filter), page),
    readTexts: async (filter, page) => readTexts(context, checkedFilter(filter), page),
    exportTexts: (filter) => exportTexts(context, filter),
    eraseTexts: (user) => eraseTexts(context, user),
    rewrapKeys: () => rewrapKeys(context),
  });
}

async function readTexts(context: AdminContext, filter: TrailFilter, page: PageRequest = {}): Promise<TextPage> {
  const read = textReader(keysOf(context.options), mastersOf(context.options));
  await note(context, {
    operation: "text.read",
    change: { subject: "trail", before: null, after: { ...filter, ...page } },
  });
  const { records, cursor } = await searchTrail(trailOf(context.options), filter, page);
  const withTexts: RecordWithText[] = [];
  for (const record of records) withTexts.push({ record, text: await read(record) });
  return { records: withTexts, cursor };
}

async function* exportTexts(context: AdminContext, asked: TrailFilter): AsyncGenerator<RecordWithText> {
  const filter = checkedFilter(asked);
  const read = textReader(keysOf(context.options), mastersOf(context.options));
  await note(context, { operation: "text.read", change: { subject: "trail", before: null, after: filter } });
  for await (const { record } of everyRecord(trailOf(context.options), filter))
    yield { record, text: await read(record) };
}

async function eraseTexts(context: AdminContext, user: string): Promise<number> {
  const keys = keysOf(context.options);
  const organization = await context.within(async (_tx, { name }) => name);
  if ((await keys.current(organization, user)) === null) return 0;
  const subject = { organization, operation: "text.erase" } as const;
  await note(context, { ...subject, change: { subject: `user:${user}`, before: "readable", after: "erased" } });
  return keys.erase(organization, user);
}

async function rewrapKeys(context: AdminContext): Promise<number> {
  const keys = keysOf(context.options);
  const masters = mastersOf(context.options);
  const { id } = masters.current;
  const anew = (key: ContentKey) => rewrapped(key, masters, context.options.random) ?? notGiven(key.wrappedBy);
  const nextKeys = async () => (await keys.wrappedByOthers(id)).map((key) => ({ key, next: anew(key) }));
  let others = await nextKeys();
  if (others.length === 0) return 0;
  const change = { subject: "trail", before: null, after: { masterKey: id } };
  await note(context, { operation: "text.rewrap", change });
  for (let done = 0; ; others = await nextKeys()) {
    if (others.length === 0) return done;
    for (const { key, next } of others) await keys.rewrap(key.id, next.wrapped, next.wrappedBy);
    done += others.length;
  }
}

async function note(context: AdminContext, facts: Partial<Omit<AuditEvent, "kind" | "at">>): Promise<void> {
  const { clock, actor } = context.recorder;
  const detail = context.options.actingAs ?? null;
  await trailOf(context.options).append([auditEvent("admin", clock.now(), { user: actor, detail, ...facts })]);
}

function trailOf({ audit }: AdminOptions): AuditLog {
  if (audit !== undefined) return audit;
  throw new ConfigurationError("audit_missing", "Reading the audit trail needs it: createAdmin({ audit }).");
}

function keysOf({ store }: AdminOptions): ContentKeys {
  if (store.contentKeys !== undefined) return store.contentKeys;
  throw new ConfigurationError("content_keys_missing", "This store keeps no keys of text, so that there is none.");
}

function mastersOf({ contentKey }: AdminOptions): MasterKeys {
  if (typeof contentKey === "object") return contentKey;
  if (contentKey !== undefined) return masterKeys(contentKey, "createAdmin({ contentKey })");
  throw new ConfigurationError(
    "content_key_missing",
    "The text of calls is encrypted: reading it needs the master key, createAdmin({ contentKey }).",
  );
}

function notGiven(id: string): never {
  throw new ConfigurationError(
    "content_key_unknown",
    `Some keys of text are under the master key ${id}, which was not given: put it below the current one.`,
  );
}
