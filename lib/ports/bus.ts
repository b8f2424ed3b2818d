/** Whether a bus answers; null before it is known. */
export interface BusHealth {
  readonly name: string;
  readonly connected: boolean | null;
}

/**
 * Hints that something changed. A message can cause a re-read, never a grant; losing every message only makes
 * changes visible at the next poll.
 */
export interface Bus {
  readonly name: string;
  /** Rejects when the hint cannot be sent within a second or so; whoever publishes goes on all the same. */
  publish(epoch: number): Promise<void>;
  /**
   * Calls `onHint` with each epoch that is published, and with null when messages may have been missed. It resolves at
   * once, whether the other side is there or not: it finds it again by itself, and keeps no process alive.
   * `onLine` is told of each connection with null, and with what went wrong of each that is lost or cannot be had.
   * Returns the function that ends the subscription.
   */
  subscribe(onHint: (epoch: number | null) => void, onLine?: (failure: unknown) => void): Promise<() => Promise<void>>;
  /** Lets go of what publishing holds open. Idempotent. */
  close(): Promise<void>;
}
