/** Time and chance, injectable so that tests decide both. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. May step. */
  now(): number;
  /** Milliseconds on a clock that never steps back; for durations only. */
  monotonic(): number;
}

/** Cryptographically strong random bytes. */
export type RandomBytes = (size: number) => Uint8Array;
