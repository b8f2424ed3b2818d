import { once } from "node:events";
import { text as textOf } from "node:stream/consumers";
import { memoryStore } from "../../adapters/stores/memory";
import type { Store } from "../../lib/ports/store";
import { chat, DIALECTS } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { open, send } from "../support/http-client";
import { HOUSE } from "../support/house-policy";
import { begun } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const BOUND_MS = 1_000;

describe.each(DIALECTS)("calls under way on $path", (dialect) => {
  const events = dialect.events("Hel", "lo");
  let site: Site;
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  /** A stream that stands still after its first events, and how long after `change` it ended. */
  async function streamEndedBy(change: () => Promise<unknown>) {
    site.upstream.next(begun(events.slice(0, 2), () => undefined));
    const ask = { dialect, as: "alice", with: { stream: true, store: false } } as const;
    const { answer } = await open(site.port, await requestOf(site, ask));
    let text = "";
    answer.on("data", (chunk: Buffer) => void (text += chunk.toString()));
    await once(answer, "data");
    await change();
    const began = performance.now();
    await once(answer, "close");
    return { status: answer.statusCode, torn: !answer.complete, text, ms: performance.now() - began };
  }

  it("end in the dialect when their key is revoked, and say so on record", async () => {
    const stream = await streamEndedBy(async () => site.revokeKey(await site.key("alice")));
    expect(stream.ms).toBeLessThan(BOUND_MS);
    expect([stream.status, stream.torn]).toEqual([200, false]);
    expect(stream.text).toMatch(dialect.streamFailure);
    expect(await site.recorded(({ kind }) => kind === "completion")).toMatchObject({
      ...{ outcome: "revoked_midstream", reason: "revoked", status: 200 },
    });
  });

  it("end when their user is suspended", async () => {
    const users = HOUSE.users.map((user) =>
      user.email.startsWith("alice") ? { ...user, status: "suspended" as const } : user,
    );
    const stream = await streamEndedBy(() => site.applyPolicy({ ...HOUSE, users }));
    expect(stream.ms).toBeLessThan(BOUND_MS);
    const { outcome, reason } = await site.recorded(({ kind }) => kind === "completion");
    expect([outcome, reason]).toEqual(["revoked_midstream", "suspended"]);
  });

  it("get a 401 when nothing of their answer was sent yet", async () => {
    site.upstream.next(() => undefined);
    const waiting = send(site.port, await requestOf(site, { dialect, as: "alice" }));
    await until(() => site.upstream.calls.length === 1);
    await site.revokeKey(await site.key("alice"));
    const { status, text, headers } = await waiting;
    expect([status, JSON.parse(text)]).toEqual([401, dialect.envelope("unauthorized", "Unauthorized")]);
    expect(headers["www-authenticate"]).toMatch(/error="invalid_token"/);
    expect(await site.recorded(({ kind }) => kind === "completion")).toMatchObject({ reason: "revoked", status: 401 });
  });

  it("go on when another key of the same user is revoked, or the user's groups change", async () => {
    const other = await site.mintKey("alice@acme.test");
    let finish = (): void => undefined;
    site.upstream.next(begun(events.slice(0, 2), (res) => (finish = () => void res.end(events.slice(2).join("")))));
    const ask = { dialect, as: "alice", with: { stream: true, store: false } } as const;
    const streaming = send(site.port, await requestOf(site, ask));
    await until(() => site.upstream.calls.length === 1);
    await site.revokeKey(other);
    const groups = HOUSE.groups.map((group) => ({ ...group, personalApiKeyAccess: false }));
    await site.applyPolicy({ ...HOUSE, groups });
    await new Promise((resolve) => setTimeout(resolve, BOUND_MS / 2));
    finish();
    expect((await streaming).text).toBe(events.join(""));
  });
});

describe("a stream whose key is revoked", () => {
  const dialect = chat;
  const { findKeys: _, ...inner } = memoryStore();
  let answering: () => unknown = () => undefined;
  const findKey: Store["findKey"] = async (id) => {
    const snapshot = await inner.findKey(id);
    await answering();
    return snapshot;
  };
  let site: Site;
  beforeEach(async () => {
    answering = () => undefined;
    site = await openSite({ store: { ...inner, findKey } });
    site.upstream.next(begun(dialect.events("Hel", "lo").slice(0, 2), () => undefined));
  });
  afterEach(() => site.close());

  async function streaming(): Promise<{ readonly text: Promise<string> }> {
    const ask = { dialect, as: "alice", with: { stream: true, store: false } } as const;
    const { answer } = await open(site.port, await requestOf(site, ask));
    return { text: textOf(answer) };
  }

  it("ends although the store fails just then, as soon as it answers again", async () => {
    const { text } = await streaming();
    let failures = 3;
    answering = () => {
      failures -= 1;
      if (failures >= 0) throw new Error("out of reach");
    };
    await site.revokeKey(await site.key("alice"));
    expect(await text).toMatch(dialect.streamFailure);
    expect(failures).toBeLessThan(0);
  });

  it("ends although its call was let in by what the store had said before", async () => {
    const key = await site.key("alice");
    let release: (() => void) | null = null;
    answering = () => new Promise<void>((resolve) => (release = resolve));
    const stream = streaming();
    await until(() => release !== null);
    answering = () => undefined;
    await site.revokeKey(key);
    await new Promise((resolve) => setTimeout(resolve, BOUND_MS));
    (release as (() => void) | null)?.();
    const { text } = await stream;
    // The call is looked at again before its first events are sent, or after.
    const unanswered = JSON.stringify(dialect.envelope("unauthorized", "Unauthorized"));
    if ((await text) !== unanswered) expect(await text).toMatch(dialect.streamFailure);
  });
});

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 2_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error("it did not come about");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
