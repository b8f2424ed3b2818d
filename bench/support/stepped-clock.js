/**
 * Loaded before the server: its clock on the wall is wrong by CLOCK_AHEAD_MS milliseconds, and by as many as the last
 * message `{ aheadMs }` says from then on. Clocks that only run forward are left alone.
 */
const now = Date.now;
let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);

Date.now = () => now() + aheadMs;
process.on("message", (said) => (aheadMs = said.aheadMs));
process.channel?.unref();
