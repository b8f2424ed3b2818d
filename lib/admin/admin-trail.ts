import { rewrapped } from "../audit/content/data-key";
import { masterKeys, type MasterKeys } from "../audit/content/master-keys";
import { auditEvent, type AuditEvent, type AuditRecord } from "../audit/record";
import { ConfigurationError } from "../denial";
import type { AuditLog } from "../ports/audit-log";
import type { ContentKeys } from "../ports/content-keys";
import type { AdminContext, AdminOptions } from "./admin-context";
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

/** The audit trail, for those who may read it. Who reads text, or erases it, is on record before it is done. */
export interface AdminTrail {
  /** One page of the audit trail, the newest record first. */
  search(filter: TrailFilter, page?: PageRequest): Promise<TrailPage>;
  /** The same with the text of the calls. Needs the master key: `createAdmin({ contentKey })`. */
  readTexts(filter: TrailFilter, page?: PageRequest): Promise<TextPage>;
  /** Every record of the filter with its text, the first that was written first. */
  exportTexts(filter: TrailFilter): AsyncIterable<RecordWithText>;
  /** Destroys the keys of a user's text: what was kept of it so far can never be read again. Gives the number of keys. */
  eraseTexts(user: string): Promise<number>;
  /** Puts the keys of all text under the current master key; gives how many were under another. */
  rewrapKeys(): Promise<number>;
}

export function adminTrail(context: AdminContext): AdminTrail {
  const { options } = context;
  return Object.freeze<AdminTrail>({
    search: async (filter, page) => searchTrail(trailOf(options), filter, page),
    readTexts: (filter, page) => readTexts(context, filter, page),
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

async function* exportTexts(context: AdminContext, filter: TrailFilter): AsyncGenerator<RecordWithText> {
  const read = textReader(keysOf(context.options), mastersOf(context.options));
  await note(context, { operation: "text.read", change: { subject: "trail", before: null, after: filter } });
  for await (const { record } of everyRecord(trailOf(context.options), filter))
    yield { record, text: await read(record) };
}

async function eraseTexts(context: AdminContext, user: string): Promise<number> {
  const keys = keysOf(context.options);
  const organization = await context.within(async (_tx, { name }) => name);
  const subject = { organization, operation: "text.erase" } as const;
  await note(context, { ...subject, change: { subject: `user:${user}`, before: "readable", after: "erased" } });
  return keys.erase(organization, user);
}

async function rewrapKeys(context: AdminContext): Promise<number> {
  const keys = keysOf(context.options);
  const masters = mastersOf(context.options);
  const { id } = masters.current;
  await note(context, {
    operation: "text.rewrap",
    change: { subject: "trail", before: null, after: { masterKey: id } },
  });
  for (let done = 0; ;) {
    const others = await keys.wrappedByOthers(id);
    if (others.length === 0) return done;
    for (const key of others) {
      const next = rewrapped(key, masters, context.options.random);
      if (next === null) throw notGiven(key.wrappedBy);
      await keys.rewrap(key.id, next.wrapped, next.wrappedBy);
      done += 1;
    }
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

function notGiven(id: string): ConfigurationError {
  return new ConfigurationError(
    "content_key_unknown",
    `Some keys of text are under the master key ${id}, which was not given: put it below the current one.`,
  );
}
