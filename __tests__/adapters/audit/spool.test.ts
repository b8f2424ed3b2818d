import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryAuditLog, memoryTrail, type MemoryTrail } from "../../../adapters/audit/memory";
import { spooledAuditLog } from "../../../adapters/audit/spool/spooled-log";
import { assertChain, chainOf, event, requestIds } from "../../../lib/conformance/audit-fixtures";
import { auditEvent, type AuditRecord } from "../../../lib/audit/record";
import type { AuditLog } from "../../../lib/ports/audit-log";
import type { SpoolOptions } from "../../../lib/ports/audit-spool";

type Fault = "none" | "refuses" | "hangs" | "answers late";

interface Spooled {
  readonly log: AuditLog;
  readonly late: AuditRecord[];
  fault: Fault;
}

describe("the audit spool", () => {
  let folder: string;
  let trail: MemoryTrail;
  const opened: AuditLog[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "llm-gate-spool-"));
    trail = memoryTrail();
  });
  afterEach(async () => {
    await Promise.allSettled(opened.splice(0).map((log) => log.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const path = (): string => join(folder, "gate.spool");
  const reader = (): AuditLog => memoryAuditLog({ node: "reader", boot: "r" }, trail);

  /** A trail that fails on command, with a spool. */
  async function open(boot: string, options: Partial<SpoolOptions> = {}, fault: Fault = "none"): Promise<Spooled> {
    let ids = 0;
    const sound = memoryAuditLog({ node: "gate-1", boot }, trail);
    const spooled: { log: AuditLog; late: AuditRecord[]; fault: Fault } = { log: sound, late: [], fault };
    const append: AuditLog["append"] = async (events, how) => {
      if (spooled.fault === "refuses") throw new Error("no database");
      if (spooled.fault === "hangs") return new Promise(() => undefined);
      const written = await sound.append(events, how);
      if (spooled.fault === "answers late") return new Promise(() => undefined);
      return written;
    };
    spooled.log = spooledAuditLog({
      ...{ log: { ...sound, append }, node: "gate-1", spool: { path: path(), ...options } },
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      logger: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
      newId: () => `made-${boot}-${(ids += 1)}`,
    });
    spooled.log.onLate?.((records) => spooled.late.push(...records));
    opened.push(spooled.log);
    await spooled.log.claim();
    return spooled;
  }

  /** Leaves what a killed process leaves: the spool as it is now. */
  async function kill(spooled: Spooled): Promise<void> {
    const left = readFileSync(path());
    spooled.fault = "refuses";
    await spooled.log.close();
    expect(readFileSync(path())).toEqual(left);
  }

  async function emptied({ log }: Spooled): Promise<void> {
    while ((log.waiting?.() ?? 0) > 0) await sleep(10);
  }

  it("stays out of the way of a trail that works", async () => {
    const { log } = await open("b1");
    expect(await log.append([event("refusal", "a")])).toHaveLength(1);
    expect(readFileSync(path(), "utf8").split("\n")).toHaveLength(2);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it.each<Fault>(["refuses", "hangs", "answers late"])(
    "takes events while the trail %s, and brings each to it once, in order",
    async (fault) => {
      const spooled = await open("b1");
      const { log, late } = spooled;
      await log.append([event("intent", "a")]);
      spooled.fault = fault;
      for (const id of ["b", "c", "d"]) expect(await log.append([event("intent", id)])).toEqual([]);
      await log.append([event("completion", "a"), event("summary", null)]);
      expect(log.waiting?.()).toBe(5);
      spooled.fault = "none";
      await emptied(spooled);
      expect(requestIds(await chainOf(reader(), "gate-1"))).toEqual(["a", "b", "c", "d", "a", "made-b1-1"]);
      if (fault === "refuses") expect(late.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6]);
      expect(await log.append([event("completion", "b")])).toMatchObject([{ seq: 7 }]);
      await assertChain(reader(), 7, "gate-1");
    },
    15_000,
  );

  it("is written to by nobody else's node, and is no other kind of file", async () => {
    const [theirs, foreign] = [join(folder, "theirs"), join(folder, "foreign")];
    writeFileSync(theirs, '{"node":"gate-2","spool":1}\n');
    writeFileSync(foreign, "notes\n");
    await expect(open("b1", { path: theirs })).rejects.toThrow(/belongs to the node "gate-2": give audit\.spool\.path/);
    trail.claims.clear();
    await expect(open("b1", { path: foreign })).rejects.toThrow(/is not a spool/);
    trail.claims.clear();
    await expect(open("b1", { path: folder })).rejects.toThrow(/cannot be opened/);
    expect(readFileSync(foreign, "utf8")).toBe("notes\n");
  });

  it("has bounds, at which appends are refused until the trail is back", async () => {
    const spooled = await open("b1", { maxBytes: 2_000 }, "refuses");
    const tried = await Promise.allSettled(["a", "b", "c", "d"].map((id) => spooled.log.append([event("intent", id)])));
    expect(tried.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    spooled.fault = "none";
    await emptied(spooled);
    expect(await spooled.log.append([event("intent", "e")])).toHaveLength(1);
    expect(requestIds(await chainOf(reader(), "gate-1"))).toEqual(["a", "b", "e"]);
  });

  it("refuses appends once the trail has been away for too long", async () => {
    const spooled = await open("b1", { maxMs: 50 }, "refuses");
    await spooled.log.append([event("intent", "a")]);
    await sleep(80);
    await expect(spooled.log.append([event("intent", "b")])).rejects.toThrow("its spool takes no more");
  });

  it("takes no checkpoint: that speaks of the trail as it stands", async () => {
    const { log } = await open("b1", {}, "refuses");
    await expect(log.append([event("checkpoint", null)])).rejects.toThrow();
    await log.append([event("refusal", "a")]);
    await expect(log.append([event("checkpoint", null)])).rejects.toThrow("while events wait");
  });

  describe("after its process was killed in the outage", () => {
    /** What a boot leaves that was killed with three appends in its spool. */
    async function killed(): Promise<void> {
      const first = await open("b1");
      await first.log.append([event("intent", "before")]);
      first.fault = "refuses";
      await first.log.append([event("intent", "ended"), event("completion", "ended")]);
      await first.log.append([event("intent", "open")]);
      await first.log.append([event("completion", "before")]);
      await kill(first);
    }

    it("brings everything to the trail before open calls are looked for, and finds those in it", async () => {
      await killed();
      const second = await open("b2");
      const { log, late } = second;
      expect((await log.openIntents()).map(({ requestId }) => requestId)).toEqual(["open"]);
      await emptied(second);
      await log.append([event("interrupted", "open")]);
      expect(requestIds(await chainOf(reader(), "gate-1"))).toEqual([
        "before",
        "ended",
        "ended",
        "open",
        "before",
        "open",
      ]);
      expect(late).toHaveLength(4);
      await assertChain(reader(), 6, "gate-1");
    });

    it("serves the next outage like the first, however much longer that is", async () => {
      await killed();
      const second = await open("b2");
      await second.log.openIntents();
      await emptied(second);
      second.fault = "refuses";
      const ids = Array.from({ length: 12 }, (_, index) => `more-${index}`);
      for (const id of ids) await second.log.append([event("refusal", id)]);
      second.fault = "none";
      await emptied(second);
      expect(requestIds(await chainOf(reader(), "gate-1")).slice(5)).toEqual(ids);
      await assertChain(reader(), 17, "gate-1");
    });

    it("writes nothing twice that had reached the trail before the kill", async () => {
      await killed();
      const copy = readFileSync(path());
      const { log } = await open("b2");
      await log.openIntents();
      await log.close();
      writeFileSync(path(), copy);
      const third = await open("b3");
      expect((await third.log.openIntents()).map(({ requestId, boot }) => [requestId, boot])).toEqual([["open", "b2"]]);
      await assertChain(reader(), 5, "gate-1");
    });

    it("does not start while the trail is away, and does when it is back", async () => {
      await killed();
      const second = await open("b2", {}, "refuses");
      await expect(second.log.openIntents()).rejects.toThrow("no database");
      second.fault = "none";
      await expect(second.log.openIntents().catch(() => second.log.openIntents())).resolves.toHaveLength(1);
    });

    it("loses only what was never synced, wherever its end was cut off", async () => {
      await killed();
      const whole = readFileSync(path());
      const lines = whole.toString().split("\n").slice(0, -1);
      const ends = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join("\n")) + 1);
      for (let size = 0; size <= whole.length; size += size < 60 ? 1 : 97) {
        trail = memoryTrail();
        writeFileSync(path(), whole);
        truncateSync(path(), size);
        const next = await open("b2");
        await next.log.openIntents();
        const kept = ends.filter((end) => end <= size).length - 1;
        expect([size, (await chainOf(reader(), "gate-1")).length]).toEqual([size, [0, 0, 2, 3, 4][kept + 1]]);
        await next.log.close();
      }
      expect(readdirSync(folder)).toEqual(["gate.spool"]);
    });

    it.each([60, 300, 1_200, 2_500])(
      "finds a flipped bit (byte %i): what is sound is written, the damage is on record",
      async (at) => {
        await killed();
        const bytes = readFileSync(path());
        bytes[at] = (bytes[at] ?? 0) ^ 4;
        writeFileSync(path(), bytes);
        const next = await open("b2");
        await next.log.openIntents();
        await emptied(next);
        while ((await reader().read({ kind: "admin" })).length === 0) await sleep(5);
        const records = (await chainOf(reader(), "gate-1")).map(({ record }) => record);
        expect(records.at(-1)).toMatchObject({ operation: "spool.damaged", change: { after: { damagedLines: 1 } } });
        expect(records.length).toBeGreaterThanOrEqual(3);
        expect(readdirSync(folder).filter((name) => name.includes(".damaged-"))).toHaveLength(1);
        await assertChain(reader(), records.length, "gate-1");
      },
    );

    it("makes up for a bit flipped in the last byte, and does not start over one in the end of its first line", async () => {
      await killed();
      const bytes = readFileSync(path());
      const flippedAt = (at: number): Buffer =>
        Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 4 : byte)));
      const headless = flippedAt(bytes.indexOf("\n"));
      // Without a second line end within reach, as after a long first append.
      for (const wrong of [headless, Buffer.from(headless.toString("latin1").replaceAll("\n", " "), "latin1")]) {
        trail = memoryTrail();
        writeFileSync(path(), wrong);
        await expect(open("b2")).rejects.toMatchObject({ code: "spool_unusable" });
        expect(readFileSync(path()).equals(wrong)).toBe(true);
      }
      trail = memoryTrail();
      writeFileSync(path(), flippedAt(bytes.length - 1));
      const next = await open("b2");
      await next.log.openIntents();
      expect(await chainOf(reader(), "gate-1")).toHaveLength(4);
    });

    it("finds a line that was taken out, and one that was put in", async () => {
      await killed();
      const [head, first, ...rest] = readFileSync(path(), "utf8").split("\n");
      writeFileSync(path(), [head, ...rest].join("\n"));
      appendFileSync(path(), `${first}\n`);
      const next = await open("b2");
      await next.log.openIntents();
      while ((await reader().read({ kind: "admin" })).length === 0) await sleep(5);
      const [note] = await reader().read({ kind: "admin" });
      expect(note?.record.change).toMatchObject({ after: { damagedLines: 3 } });
    });
  });

  it("keeps text in the form in which it was sealed, and cuts nothing twice", async () => {
    const spooled = await open("b1", {}, "refuses");
    const content = { direction: "request", key: "k", nonce: "n", sealed: "A".repeat(50_000), cut: false } as const;
    await spooled.log.append([auditEvent("intent", 0, { requestId: "a", model: "m".repeat(3_000), content })]);
    spooled.fault = "none";
    await emptied(spooled);
    const [row] = await chainOf(reader(), "gate-1");
    expect(row?.record.content).toEqual(content);
    expect(row?.record.model).toMatch(/^m{1024}…\[cut: 3000 characters, sha256 [0-9a-f]{64}\]$/);
  });
});
