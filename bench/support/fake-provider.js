const { createServer } = require("node:http");
const { once } = require("node:events");
const { setTimeout: sleep } = require("node:timers/promises");
const { DIALECTS } = require("./dialects");

/**
 * A provider of all three dialects. `seen` holds the text of every request that reached it; `cancelled` is told the
 * text of a request whose connection was closed before its answer was complete.
 */
exports.startFakeProvider = async function startFakeProvider({
  pieces = 4,
  pauseMs = 0,
  cancelled = () => undefined,
} = {}) {
  const seen = [];
  const server = createServer(async (req, res) => {
    const dialect = DIALECTS.find(({ path }) => req.url.split("?")[0].endsWith(path));
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const asked = dialect.asked(body);
    seen.push(asked);
    res.once("close", () => res.writableFinished || cancelled(asked));
    await answer(res, dialect, body.stream === true, { pieces, pauseMs, asked });
  });
  // A caller that was frozen for a while finds its connections as it left them.
  server.keepAliveTimeout = 120_000;
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
};

async function answer(res, dialect, stream, { pieces, pauseMs, asked }) {
  const texts = Array.from({ length: pieces }, (_, index) => `piece ${index} for ${asked}; `);
  if (!stream) {
    if (pauseMs > 0) await sleep(pauseMs * pieces);
    if (res.destroyed) return;
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(dialect.whole(texts.join(""))));
    return;
  }
  res.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of dialect.events(texts)) {
    if (res.destroyed) return;
    res.write(event);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  res.end();
}
