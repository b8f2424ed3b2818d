export interface SharedReadsOptions<T> {
  /** Reads one value from its source; may reject. */
  readonly read: (id: string) => Promise<T>;
  /** Called with what was read, unless a change was seen while the read was under way. */
  readonly keep: (id: string, value: T) => void;
  /** See StoreWatch.generation. */
  readonly generation: () => number;
}

interface Running<T> {
  readonly generation: number;
  readonly value: Promise<T>;
}

/**
 * One read at a time per id, shared by all who ask meanwhile. Who asks after a change was seen never gets a read that
 * began before it, and such a read is not kept. Rejections are shared, never kept.
 */
export function createSharedReads<T>({ read, keep, generation }: SharedReadsOptions<T>): (id: string) => Promise<T> {
  const running = new Map<string, Running<T>>();

  async function readOnce(id: string, begun: number): Promise<T> {
    const value = await read(id);
    if (generation() === begun) keep(id, value);
    return value;
  }

  return function sharedRead(id) {
    const current = running.get(id);
    if (current?.generation === generation()) return current.value;
    const entry = { generation: generation(), value: readOnce(id, generation()).finally(() => leave(id, entry)) };
    running.set(id, entry);
    return entry.value;
  };

  function leave(id: string, entry: Running<T>): void {
    if (running.get(id) === entry) running.delete(id);
  }
}
