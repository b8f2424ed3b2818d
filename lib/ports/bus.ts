/**
 * Hints that something changed. A message can cause a re-read, never a grant; losing every message only makes
 * changes visible at the next poll.
 */
export interface Bus {
  publish(epoch: number): Promise<void>;
  /** Returns the function that ends the subscription. */
  subscribe(onHint: (epoch: number) => void): Promise<() => Promise<void>>;
}
