import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A provider whose streams begin and then wait for the test. */
export interface HeldUpstream {
  readonly origin: string;
  /** Ends every stream that is open as its dialect does. */
  finish(): void;
  close(): Promise<void>;
}

const event = (content: string, finish: string | null): string =>
  `data: ${JSON.stringify({
    ...{ id: "c1", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini" },
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  })}\n\n`;

export async function heldUpstream(): Promise<HeldUpstream> {
  const open = new Set<ServerResponse>();
  const server = http.createServer((req, res) => {
    req.resume();
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write(event("first", null));
    open.add(res);
    res.once("close", () => open.delete(res));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    finish() {
      for (const res of open) res.end(`${event("last", "stop")}data: [DONE]\n\n`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
