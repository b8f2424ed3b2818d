const { once } = require("node:events");
const net = require("node:net");
const { setTimeout } = require("node:timers");

/**
 * A TCP relay to `target` (host and port of a URL) that can be slow, and can part its two sides: while parted it takes
 * connections and carries nothing, not even their end, and nobody is told. `url` is the target's with the relay's address.
 */
exports.startRelay = async function startRelay(target) {
  const { hostname, port } = new URL(target);
  const pairs = new Set();
  const way = { parted: false, delayMs: 0 };
  const server = net.createServer((near) => {
    const far = way.parted ? null : net.connect(Number(port), hostname);
    const pair = [near, far].filter((socket) => socket !== null);
    pairs.add(pair);
    for (const socket of pair) socket.on("error", () => undefined).once("close", () => way.parted || end(pair));
    if (far === null) return near.resume();
    near.setNoDelay(true);
    far.setNoDelay(true);
    carry(near, far, way);
    carry(far, near, way);
  });
  function end(pair) {
    if (!pairs.delete(pair)) return;
    for (const socket of pair) socket.destroy();
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.port = String(server.address().port);
  return {
    url: url.href,
    part: () => (way.parted = true),
    /** What was said meanwhile is lost: the connections of that time end. */
    join() {
      way.parted = false;
      for (const pair of [...pairs]) end(pair);
    },
    /** Who came to the relay loses every connection; the target does not hear of it before the function that this gives is called. */
    lose() {
      const lost = [...pairs];
      for (const pair of lost) {
        pairs.delete(pair);
        pair[0].destroy();
      }
      return () => lost.forEach(([, far]) => far?.destroy());
    },
    /** Everything that is said takes so long from now on, each way. */
    delay: (ms) => (way.delayMs = ms),
    connections: () => pairs.size,
    close() {
      for (const pair of [...pairs]) end(pair);
      server.close();
    },
  };
};

/** Whatever the delay becomes meanwhile, nothing overtakes what was said before it. */
function carry(from, to, way) {
  const late = [];
  const pass = () => {
    while (late.length > 0 && late[0].due <= performance.now()) write(late.shift().chunk);
    if (late.length > 0) setTimeout(pass, Math.max(1, late[0].due - performance.now()));
  };
  const write = (chunk) => way.parted || to.destroyed || to.write(chunk);
  from.on("data", (chunk) => {
    if (way.delayMs === 0 && late.length === 0) return write(chunk);
    late.push({ chunk, due: performance.now() + way.delayMs });
    if (late.length === 1) setTimeout(pass, way.delayMs);
  });
}
