const { once } = require("node:events");
const net = require("node:net");

/**
 * A TCP relay to `target` (host and port of a URL) that can part its two sides: while parted it takes connections and
 * carries nothing, and nobody is told. `url` is the target's with the relay's address.
 */
exports.startRelay = async function startRelay(target) {
  const { hostname, port } = new URL(target);
  const pairs = new Set();
  let parted = false;
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]]) {
      from.on("data", (chunk) => parted || to.write(chunk));
      from.once("error", () => end(pair)).once("close", () => end(pair));
    }
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
    part: () => (parted = true),
    /** What was said meanwhile is lost: the connections of that time end. */
    join() {
      parted = false;
      for (const pair of [...pairs]) end(pair);
    },
    close() {
      for (const pair of [...pairs]) end(pair);
      server.close();
    },
  };
};
