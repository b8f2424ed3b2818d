import { digestKey } from "../keys/pepper";
import type { Organization } from "../policy/domain";
import type { NewKey } from "../ports/store";
import { confirmedPeppers, requiredPeppers, type AdminContext } from "./admin-context";
import { judgeImports, type AcceptedImport, type ImportLine, type ImportProblem } from "./judge-imports";
import { recorded, type AdminChange } from "./recorded";

export interface ImportOptions {
  /** Only say what would be done. Default false. */
  readonly dryRun?: boolean;
  /** Told after each few hundred lines. */
  readonly onProgress?: (soFar: ImportReport) => void;
}

export interface ImportReport {
  readonly imported: number;
  /** Were there already, for the same user: importing a file again does nothing. */
  readonly existing: number;
  /** How many of those are revoked here. They stay so. */
  readonly revoked: number;
  readonly refused: number;
  /** The first thousand of the refused. */
  readonly problems: readonly ImportProblem[];
}

const BATCH = 200;
const KEPT_PROBLEMS = 1_000;

/**
 * Takes keys of other systems over, a few hundred in one transaction, each on record before. Lines that cannot be taken
 * are passed over and told. What was interrupted is taken up by doing it again.
 */
export async function importKeys(
  context: AdminContext,
  lines: AsyncIterable<ImportLine | ImportProblem>,
  { dryRun = false, onProgress }: ImportOptions = {},
): Promise<ImportReport> {
  if (dryRun) requiredPeppers(context);
  else await confirmedPeppers(context);
  const report = { imported: 0, existing: 0, revoked: 0, refused: 0, problems: new Array<ImportProblem>() };
  /** Whose each key of this run is: a store that is only looked at does not show it, nor the same batch. */
  let taken = new Map<string, string>();
  for await (const batch of batches(lines)) {
    const { organization, accepted, existing, revoked, problems } = await judgeImports(context, batch, taken);
    if (!dryRun) {
      await insert(context, organization, accepted);
      taken = new Map();
    }
    report.imported += accepted.length;
    report.existing += existing;
    report.revoked += revoked;
    report.refused += problems.length;
    report.problems.push(...problems.slice(0, KEPT_PROBLEMS - report.problems.length));
    onProgress?.(report);
  }
  return Object.freeze(report);
}

async function* batches<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function insert(
  context: AdminContext,
  organization: Organization,
  accepted: readonly AcceptedImport[],
): Promise<void> {
  if (accepted.length === 0) return;
  const createdAt = await context.now();
  const keys = accepted.map((line) => newKey(context, line, createdAt));
  const changes = accepted.map((line) => importChange(organization, line));
  await recorded(context.recorder, changes, () =>
    context.within(async (tx) => {
      for (const key of keys) await tx.insertKey(organization.id, key);
    }),
  );
}

/** The digest that came in is as good as the key to whoever reads the database: what is kept is its digest. */
function newKey(context: AdminContext, line: AcceptedImport, createdAt: number): NewKey {
  const peppers = requiredPeppers(context);
  const { id, userId, name, expiresAt = null, models = null, networks = null } = line;
  const digest = digestKey(peppers, peppers.current, line.digest);
  const made = { id, userId, digest, pepperVersion: peppers.current, createdAt, imported: true };
  return { ...made, name, expiresAt, models, networks };
}

function importChange(organization: Organization, line: AcceptedImport): AdminChange {
  const { id, email, name, bits, expiresAt = null, models = null, networks = null } = line;
  return {
    ...{ operation: "key.import", organization: organization.name, keyId: id, subject: `key:${id}`, before: null },
    after: { user: email, name, expiresAt, models, networks, bits },
  };
}
