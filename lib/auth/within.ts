/** What `work` comes to, or a rejection once `ms` have passed: a store that hangs is a store that is down. */
export function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const overrun = () => reject(new Error(`no answer within ${ms} ms`));
    const timer = setTimeout(overrun, ms).unref();
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
