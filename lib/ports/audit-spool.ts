import type { AuditLog } from "./audit-log";
import type { Clock } from "./clock";
import type { Logger } from "./logger";

/** A second place for audit events while the trail is out of reach. */
export interface SpoolOptions {
  /** A file of this node's own, on a disk that outlives the process. */
  readonly path: string;
  /** What it takes at most. Default 1,073,741,824. */
  readonly maxBytes?: number;
  /** Milliseconds that the trail may be out of reach before calls are refused. Default 900,000. */
  readonly maxMs?: number;
}

export interface SpooledLogParts {
  /** The trail. */
  readonly log: AuditLog;
  readonly node: string;
  readonly spool: SpoolOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes ids for events that have none, so that each can be told from the others. */
  readonly newId: () => string;
}
