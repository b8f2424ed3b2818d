import type { Terminal } from "../terminal";

const FIRST_MS = 2_000;
const EVERY_MS = 1_000;

/** Says on standard error how far a long run is, from the third second on. */
export function progressLine(terminal: Terminal, what = "records checked"): (done: number, total: number) => void {
  let next = performance.now() + FIRST_MS;
  return (done, total) => {
    if (performance.now() < next) return;
    next = performance.now() + EVERY_MS;
    terminal.complain(`${done} of ${total} ${what} (${Math.floor((100 * done) / Math.max(1, total))} %)`);
  };
}
