import { once } from "node:events";
import http from "node:http";
import type { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { chat, DIALECTS } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { open, send, type Sent } from "../support/http-client";
import { begun } from "../support/scripted-upstream";
import { EXPRESSES, openSite, type Site } from "../support/site";

const ROUNDS = 100;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe.each(EXPRESSES)("After %s has served many calls", (_name, express) => {
  let site: Site;

  beforeEach(async () => {
    site = await openSite({ express });
  });

  afterEach(() => site.close());

  async function asked(index: number, more: object = {}): Promise<Sent> {
    const dialect = DIALECTS[index % DIALECTS.length] ?? chat;
    return requestOf(site, { dialect, as: "alice", ...more });
  }

  it("none is left open, whether it was answered, refused or abandoned", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [answered, refused] = await Promise.all([
        send(site.port, await asked(round)),
        send(site.port, await asked(round, { as: round % 2 === 0 ? "nobody" : undefined })),
      ]);
      expect([answered.status, refused.status]).toEqual([200, round % 2 === 0 ? 403 : 401]);
      const gone = new Promise<void>((resolve) => {
        site.upstream.next(begun(chat.events("one").slice(0, 2), (res) => res.once("close", resolve)));
      });
      const { answer, leave } = await open(site.port, await asked(0, { with: { stream: true } }));
      await once(answer, "data");
      leave();
      await gone;
    }
    await site.recorded(({ outcome }) => outcome === "client_aborted");
    await site.gate.drain(1_000);
    expect(site.gate.health()).toMatchObject({ active: 0 });
    expect((await site.trail()).filter(({ outcome }) => outcome === "client_aborted")).toHaveLength(ROUNDS);
  });

  it("a connection that carried them all has no more listeners than after the first", async () => {
    const sockets = new Set<Socket>();
    site.server.on("connection", (socket) => sockets.add(socket));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const key = await site.key("alice");
    const call = async (index: number): Promise<void> => {
      const dialect = DIALECTS[index % DIALECTS.length] ?? chat;
      const body = JSON.stringify(dialect.ask("Hello", index % 2 === 0 ? {} : { model: "gpt-5-pro" }));
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const request = http.request({ port: site.port, method: "POST", path: dialect.path, agent, headers });
      request.end(body);
      const [answer] = (await once(request, "response")) as [http.IncomingMessage];
      expect(answer.statusCode).toBe(index % 2 === 0 ? 200 : 403);
      answer.resume();
      await once(answer, "close");
    };
    const listeners = (): number =>
      [...sockets].reduce(
        (sum, socket) => sum + socket.eventNames().reduce((count, name) => count + socket.listenerCount(name), 0),
        0,
      );
    for (let index = 0; index < 6; index += 1) await call(index);
    const early = listeners();
    for (let index = 6; index < ROUNDS; index += 1) await call(index);
    expect(listeners()).toBe(early);
    expect(sockets.size).toBe(1);
    agent.destroy();
  });

  it("nothing holds on to requests that are over", async () => {
    const requests: WeakRef<object>[] = [];
    site.server.on("request", (req) => requests.push(new WeakRef(req)));
    for (let index = 0; index < ROUNDS; index += 1)
      await send(site.port, await asked(index, { as: index % 2 === 0 ? "alice" : "nobody" }));
    site.server.closeAllConnections();
    collectGarbage();
    // The last ones may still stand on somebody's stack.
    expect(requests.filter((request) => request.deref() !== undefined).length).toBeLessThan(ROUNDS / 10);
  });
});
