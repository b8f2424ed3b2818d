import { closeSync, existsSync, openSync } from "node:fs";
import { nodeInUse } from "../../../lib/audit/stamp-record";
import { loadSqliteDriver, type SqliteDriverName, type SqliteHandle } from "../../stores/load-sqlite-driver";
import { sqliteErrorName } from "../../stores/sqlite-error";

/** Holds a node's name by a lock that the operating system drops with the process, however that ends. */
export interface NodeClaim {
  /** Idempotent. Throws ConfigurationError (`audit_node_in_use`) when another holds it. */
  claim(): void;
  release(): void;
}

/** A look at the lock, or a process that is just ending, may hold it for a moment. */
const CLAIM_WAIT_MS = 500;

/** The lock is on a database of its own beside the trail: the trail itself is shared with command lines. */
export function nodeClaim(path: string, node: string, driver: SqliteDriverName | undefined): NodeClaim {
  let held: SqliteHandle | null = null;
  return Object.freeze({
    claim: () => void (held ??= hold(path, node, driver)),
    release(): void {
      held?.close();
      held = null;
    },
  });
}

function hold(path: string, node: string, driver: SqliteDriverName | undefined): SqliteHandle {
  const file = lockFile(path, node);
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
  const lock = loadSqliteDriver(driver).open(file, false);
  try {
    lock.prepare(`pragma busy_timeout = ${CLAIM_WAIT_MS}`).get();
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    throw sqliteErrorName(error) === "BUSY" ? nodeInUse(node) : error;
  }
}

/** Whether a process holds the node's name now. */
export function isClaimed(path: string, node: string, driver?: SqliteDriverName): boolean {
  const file = lockFile(path, node);
  if (!existsSync(file)) return false;
  const lock = loadSqliteDriver(driver).open(file, true);
  try {
    lock.prepare("pragma busy_timeout = 0").get();
    lock.prepare("select count(*) from sqlite_master").get();
    return false;
  } catch (error) {
    if (sqliteErrorName(error) === "BUSY") return true;
    throw error;
  } finally {
    lock.close();
  }
}

function lockFile(path: string, node: string): string {
  return `${path}.node-${encodeURIComponent(node)}.lock`;
}
