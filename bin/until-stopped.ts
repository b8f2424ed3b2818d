/** Aborts when the process is asked to end: SIGINT or SIGTERM. Asked again, it ends at once, with 1. */
export function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort();
    });
  }
  return stopping.signal;
}
