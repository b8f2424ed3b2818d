import { setTimeout as sleep } from "node:timers/promises";

/** One connection on which hints arrive. */
export interface HintLine {
  /** Resolves when the other side has answered just now. */
  ping(): Promise<unknown>;
  /** Cuts it; nothing is waited for. */
  cut(): void;
}

export interface KeptLine {
  /** Connects and subscribes. Rejects when that fails. `signal` aborts when it takes too long. */
  connect(onEpoch: (text: string) => void, signal: AbortSignal): Promise<HintLine>;
  readonly onHint: (epoch: number | null) => void;
  /** See Bus.subscribe. */
  readonly onLine?: ((failure: unknown) => void) | undefined;
}

const BEAT_MS = 1_000;
/** A connection may look well while nobody is at its other end: silence counts. */
const SILENCE_MS = 2_000;
const RETRY_MS = 500;

/** Stays subscribed until the returned function is called, whatever happens to the other side in between. */
export function keepSubscribed({ connect, onHint, onLine }: KeptLine): () => Promise<void> {
  const ended = new AbortController();
  const running = run();
  return async () => {
    ended.abort();
    await running;
  };

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      await holdLine().catch((failure: unknown) => ended.signal.aborted || onLine?.(failure));
      await pause(RETRY_MS);
    }
  }

  /** Rejects when the line is lost. */
  async function holdLine(): Promise<void> {
    const line = await connect(hear, AbortSignal.any([ended.signal, AbortSignal.timeout(SILENCE_MS)]));
    onLine?.(null);
    onHint(null);
    try {
      while (!ended.signal.aborted) {
        await answered(line.ping());
        await pause(BEAT_MS);
      }
    } finally {
      line.cut();
    }
  }

  function hear(text: string): void {
    if (/^\d{1,15}$/.test(text)) onHint(Number(text));
  }

  function pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { ref: false, signal: ended.signal }).catch(() => undefined);
  }
}

async function answered(ping: Promise<unknown>): Promise<void> {
  const silence = new AbortController();
  const overrun = sleep(SILENCE_MS, undefined, { ref: false, signal: silence.signal }).then(() => {
    throw new Error("The bus does not answer.");
  });
  try {
    await Promise.race([ping, overrun]);
  } finally {
    overrun.catch(() => undefined);
    silence.abort();
  }
}
