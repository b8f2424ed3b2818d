/** A wait that can be cut short. It keeps no process alive. */
export interface Pause {
  /** Resolves after so long, or when somebody wakes it; at once when that happened since the last wait. */
  wait(ms: number): Promise<void>;
  wake(): void;
}

export function createPause(): Pause {
  let woken = false;
  let end: (() => void) | null = null;
  return Object.freeze({
    async wait(ms: number): Promise<void> {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms).unref();
          end = () => (clearTimeout(timer), resolve());
        });
      }
      woken = false;
      end = null;
    },
    wake(): void {
      woken = true;
      end?.();
    },
  });
}

/** A wait that nobody cuts short. It keeps no process alive. */
export function linger(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
