/** One writer, one reader, in order: what a handler writes, as an AsyncIterable that is pulled. */
export interface ByteChannel extends AsyncIterable<Uint8Array> {
  /** False once `highWaterMark` bytes wait; `onDrain` follows when they have been read. `taken` runs when the chunk was. */
  push(chunk: Uint8Array, taken?: () => void): boolean;
  end(): void;
  /** The reader gets what was pushed before, then the error. */
  fail(error: unknown): void;
}

interface Waiting {
  readonly chunk: Uint8Array;
  readonly taken: (() => void) | undefined;
}

interface Channel {
  readonly queue: Waiting[];
  readonly highWaterMark: number;
  readonly onDrain: () => void;
  waitingBytes: number;
  full: boolean;
  closed: { readonly error?: unknown } | null;
  wake: () => void;
}

export function byteChannel(highWaterMark: number, onDrain: () => void): ByteChannel {
  const channel: Channel = {
    ...{ queue: [], highWaterMark, onDrain, waitingBytes: 0 },
    ...{ full: false, closed: null, wake: () => undefined },
  };
  return Object.freeze({
    push: (chunk: Uint8Array, taken?: () => void) => push(channel, { chunk, taken }),
    end: () => close(channel, {}),
    fail: (error: unknown) => close(channel, { error }),
    [Symbol.asyncIterator]: () => read(channel),
  });
}

function push(channel: Channel, waiting: Waiting): boolean {
  if (channel.closed) return true;
  channel.queue.push(waiting);
  channel.waitingBytes += waiting.chunk.length;
  channel.full = channel.waitingBytes >= channel.highWaterMark;
  channel.wake();
  return !channel.full;
}

function close(channel: Channel, how: { readonly error?: unknown }): void {
  channel.closed ??= how;
  channel.wake();
}

async function* read(channel: Channel): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = channel.queue.shift();
    if (next) yield take(channel, next);
    else if (channel.closed && "error" in channel.closed) throw channel.closed.error;
    else if (channel.closed) return;
    else await new Promise<void>((resolve) => (channel.wake = resolve));
  }
}

function take(channel: Channel, next: Waiting): Uint8Array {
  channel.waitingBytes -= next.chunk.length;
  next.taken?.();
  if (channel.full && channel.waitingBytes < channel.highWaterMark) {
    channel.full = false;
    channel.onDrain();
  }
  return next.chunk;
}
