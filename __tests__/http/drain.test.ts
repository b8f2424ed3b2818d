import { once } from "node:events";
import { DIALECTS } from "../support/dialects";
import { check, requestOf } from "../support/http-check";
import { open, send } from "../support/http-client";
import { begun } from "../support/scripted-upstream";
import { EXPRESSES, openSite } from "../support/site";

describe.each(EXPRESSES)("J07: draining on %s", (_name, express) => {
  describe.each(DIALECTS)("$path", (dialect) => {
    const events = dialect.events("Hel", "lo");

    it("lets a running stream finish", async () => {
      const site = await openSite({ express });
      let finish = (): void => undefined;
      site.upstream.next(begun(events.slice(0, 2), (res) => (finish = () => void res.end(events.slice(2).join("")))));
      const { answer } = await open(
        site.port,
        await requestOf(site, { dialect, as: "alice", with: { stream: true, store: false } }),
      );
      let text = "";
      answer.on("data", (chunk: Buffer) => void (text += chunk.toString()));
      await once(answer, "data");
      const drained = site.gate.drain(5_000);
      expect(site.gate.health()).toMatchObject({ ready: false, draining: true });
      finish();
      await once(answer, "end");
      await drained;
      expect(text).toBe(events.join(""));
      await site.close();
    });

    it("refuses a new call in the dialect, on record, and closes its connection", async () => {
      const site = await openSite({ express, protect: false });
      const draining = site.gate.drain(1_000);
      const { headers } = await check(site, { dialect, as: "alice" }, { refused: "draining", reason: "draining" });
      expect(headers["connection"]).toBe("close");
      await draining;
      await site.close();
    });

    it("ends what outlives the grace with the dialect's failure, and closes every intent", async () => {
      const site = await openSite({ express });
      site.upstream.next(begun(events.slice(0, 2), () => undefined));
      const streaming = send(
        site.port,
        await requestOf(site, { dialect, as: "alice", with: { stream: true, store: false } }),
      );
      site.upstream.next(() => undefined);
      await site.recorded(({ kind }) => kind === "intent");
      const waiting = send(site.port, await requestOf(site, { dialect, as: "alice" }));
      await site.recorded(({ kind, stream }) => kind === "intent" && stream === false);
      await until(() => site.upstream.calls.length === 2);
      await site.gate.drain(150);
      const [stream, whole] = await Promise.all([streaming, waiting]);
      expect([stream.status, stream.torn]).toEqual([200, false]);
      expect(stream.text).toMatch(dialect.streamFailure);
      expect([whole.status, JSON.parse(whole.text)]).toEqual([503, dialect.envelope("draining", expect.any(String))]);
      expect(site.gate.health()).toMatchObject({ active: 0, audit: { open: 0, completionsOwed: 0 } });
      await site.close();
    });
  });
});

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 2_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error("it did not come about");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
