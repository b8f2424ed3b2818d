import { importedKeyId } from "../keys/imported-key";
import { provesKey } from "../keys/pepper";
import type { Organization } from "../policy/domain";
import type { AdminTransaction, KeyLimits, KeySnapshot } from "../ports/store";
import { requiredPeppers, type AdminContext } from "./admin-context";
import { AdminError } from "./admin-error";
import { checkedKeyValues } from "./key-values";
import { knownUser } from "./known";

/** A key that another system made, as its line in a file says. */
export interface ImportLine extends Partial<KeyLimits> {
  /** From 1, for messages. */
  readonly line: number;
  readonly email: string;
  readonly name: string;
  /** SHA-256 of the key, or HMAC-SHA-256 under the other system's secret: 32 bytes. */
  readonly digest: Uint8Array;
  /** How hard the key is to guess, by the operator's word. At least 128. */
  readonly bits: number;
  /** Milliseconds since the Unix epoch, in the future; null: never. */
  readonly expiresAt?: number | null;
}

/** A line that is not imported, and the sentence that says why. */
export interface ImportProblem {
  readonly line: number;
  readonly message: string;
}

/** A line that will be a key. */
export interface AcceptedImport extends ImportLine {
  readonly id: string;
  readonly userId: string;
}

export interface JudgedImports {
  readonly organization: Organization;
  readonly accepted: readonly AcceptedImport[];
  readonly existing: number;
  /** Of the existing ones. */
  readonly revoked: number;
  readonly problems: readonly ImportProblem[];
}

type Judgement = AcceptedImport | ImportProblem | "existing" | "revoked";

const LEAST_BITS = 128;

/** Judges lines against the store and each other. `taken` (user by key id) gets those that are accepted. */
export function judgeImports(
  context: AdminContext,
  lines: readonly (ImportLine | ImportProblem)[],
  taken: Map<string, string>,
): Promise<JudgedImports> {
  return context.within(async (tx, organization) => {
    const userIds = new Map<string, string>();
    const now = await context.now();
    const judged: Judgement[] = [];
    for (const line of lines) {
      const judgement =
        "message" in line ? line : await judgeLine({ context, tx, organization, userIds, now }, line, taken);
      if (isAccepted(judgement)) taken.set(judgement.id, judgement.userId);
      judged.push(judgement);
    }
    const existing = judged.filter((judgement) => typeof judgement === "string").length;
    const revoked = judged.filter((judgement) => judgement === "revoked").length;
    const problems = judged.filter((judgement) => typeof judgement !== "string" && "message" in judgement);
    return { organization, accepted: judged.filter(isAccepted), existing, revoked, problems };
  });
}

function isAccepted(judgement: Judgement): judgement is AcceptedImport {
  return typeof judgement !== "string" && "userId" in judgement;
}

interface Place {
  readonly context: AdminContext;
  readonly tx: AdminTransaction;
  readonly organization: Organization;
  readonly userIds: Map<string, string>;
  readonly now: number;
}

async function judgeLine(place: Place, line: ImportLine, taken: ReadonlyMap<string, string>): Promise<Judgement> {
  try {
    checkLine(line, place.now);
    const userId = await userIdOf(place, line.email);
    const id = importedKeyId(line.digest);
    const earlier = taken.get(id) ?? (await keyInStore(place, id, line.digest));
    if (earlier === null) return { ...line, id, userId };
    const [owner, revoked] = typeof earlier === "string" ? [earlier, false] : [earlier.user.id, isRevoked(earlier)];
    if (owner === userId) return revoked ? "revoked" : "existing";
    throw new AdminError("conflict", "this key is another user's already");
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    return { line: line.line, message: error.message };
  }
}

/** What might be a key in the wrong column is not repeated. */
function checkLine(line: ImportLine, now: number): void {
  if (!(Number.isSafeInteger(line.bits) && line.bits >= LEAST_BITS)) {
    throw new AdminError(
      "invalid_argument",
      `keys of less than ${LEAST_BITS} bits are not imported: they can be guessed`,
    );
  }
  if (!line.email.includes("@")) throw new AdminError("invalid_argument", "the user is not an e-mail address");
  checkedKeyValues({ name: line.name, expiresAt: line.expiresAt ?? null, ...limitsOf(line) }, now);
}

function limitsOf({ models = null, networks = null }: ImportLine): KeyLimits {
  return { models, networks };
}

async function userIdOf({ tx, organization, userIds }: Place, email: string): Promise<string> {
  const known = userIds.get(email) ?? (await knownUser(tx, organization, email)).id;
  userIds.set(email, known);
  return known;
}

/** Null when nobody has it. Another key of the same id, which chance does not make, must not be taken for this one. */
async function keyInStore({ context }: Place, id: string, digest: Uint8Array): Promise<KeySnapshot | null> {
  const snapshot = await context.options.store.findKey(id);
  if (snapshot === null) return null;
  if (isSame(context, snapshot, digest)) return snapshot;
  throw new AdminError("conflict", `its id would be ${id}, which is another key's`);
}

function isRevoked({ key }: KeySnapshot): boolean {
  return key.revokedAt !== null;
}

/** A key whose pepper is not given here cannot be compared, and is taken for the same. */
function isSame(context: AdminContext, { key }: KeySnapshot, digest: Uint8Array): boolean {
  const peppers = requiredPeppers(context);
  return peppers.secret(key.pepperVersion) === undefined || provesKey(peppers, digest, key);
}
