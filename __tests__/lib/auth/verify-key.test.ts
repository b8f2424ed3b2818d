import crypto, { randomBytes } from "node:crypto";
import { createSnapshots } from "../../../lib/auth/snapshot-cache";
import { createKeyVerifier } from "../../../lib/auth/verify-key";
import { ConfigurationError } from "../../../lib/denial";
import { checksumOf } from "../../../lib/keys/key-format";
import { mintKey } from "../../../lib/keys/mint-key";
import { faultStore } from "../../support/fault-store";
import { handClock, keyFixture, listLogger, peppers, type KeyFixture } from "../../support/key-fixture";

function setUp(...fixtures: readonly KeyFixture[]) {
  const store = faultStore();
  for (const { id, snapshot } of fixtures) store.keys.set(id, snapshot);
  const clock = handClock();
  const snapshots = createSnapshots({ store, clock, logger: listLogger() });
  return { store, clock, verifyKey: createKeyVerifier({ snapshots, peppers, clock }) };
}

/** The same id with another secret, and a checksum that fits. */
function withOtherSecret(key: string): string {
  const unsigned = key.slice(0, -7) + (key.at(-7) === "0" ? "1" : "0");
  return unsigned + checksumOf(unsigned);
}

afterEach(() => jest.restoreAllMocks());

describe("a token", () => {
  it("is accepted as the key it is, and without a promise once it is known", async () => {
    const good = keyFixture();
    const { verifyKey } = setUp(good);
    expect(await verifyKey(good.key)).toEqual({ ok: true, snapshot: good.snapshot, stale: false });
    expect(verifyKey(good.key)).not.toBeInstanceOf(Promise);
  });

  it("with a bad checksum never reaches the store: 100,000 of them cause no look-up", () => {
    const { store, verifyKey } = setUp();
    const { key } = mintKey(randomBytes);
    const body = key.slice(0, -6);
    const wrong = { ok: false, reason: "bad_checksum", keyId: null };
    const good = key.slice(-6);
    for (let guess = 0; guess < 100_000; guess++) {
      const judgement = verifyKey(body + String(guess).padStart(6, "0"));
      if (JSON.stringify(judgement) !== JSON.stringify(wrong)) throw new Error(`${good} met ${guess}`);
    }
    expect(store.asked).toEqual({ findKey: 0, catalogue: 0, epoch: 0, changesSince: 0 });
  });

  it.each(["A".repeat(512), "' OR 1=1--", "__proto__", "constructor", "sk-" + "a".repeat(51)])(
    "of another form never reaches the store: %s",
    (token) => {
      const { store, verifyKey } = setUp();
      expect(verifyKey(token)).toEqual({ ok: false, reason: "malformed", keyId: null });
      expect(store.asked.findKey).toBe(0);
    },
  );

  it("with the id of a key and another secret is unknown, and tells nothing of the key's state", async () => {
    const good = keyFixture();
    const revoked = keyFixture({ revokedAt: 1 });
    const { verifyKey } = setUp(good, revoked);
    for (const { id, key } of [good, revoked]) {
      expect(await verifyKey(withOtherSecret(key))).toEqual({ ok: false, reason: "unknown_key", keyId: id });
    }
  });

  it("is refused when it is unknown, revoked or expired, with its public id for the record", async () => {
    const unknown = keyFixture();
    const revoked = keyFixture({ revokedAt: 1 });
    const both = keyFixture({ revokedAt: 1, expiresAt: 1 });
    const expired = keyFixture({ expiresAt: 1 });
    const { verifyKey } = setUp(revoked, both, expired);
    expect(await verifyKey(unknown.key)).toEqual({ ok: false, reason: "unknown_key", keyId: unknown.id });
    expect(await verifyKey(revoked.key)).toEqual({ ok: false, reason: "revoked", keyId: revoked.id });
    expect(await verifyKey(both.key)).toEqual({ ok: false, reason: "revoked", keyId: both.id });
    expect(await verifyKey(expired.key)).toEqual({ ok: false, reason: "expired", keyId: expired.id });
  });

  it("expires to the millisecond, cached or not", async () => {
    const good = keyFixture({ expiresAt: handClock().now() + 100 });
    const { clock, verifyKey } = setUp(good);
    clock.advance(99);
    expect(await verifyKey(good.key)).toMatchObject({ ok: true });
    clock.advance(1);
    expect(verifyKey(good.key)).toMatchObject({ ok: false, reason: "expired" });
  });

  it("costs one digest and one comparison whether it is unknown, wrong, revoked, expired or good", async () => {
    const fixtures = [keyFixture(), keyFixture({ revokedAt: 1 }), keyFixture({ expiresAt: 1 })];
    const { verifyKey } = setUp(...fixtures);
    const wrong = withOtherSecret(fixtures[0]?.key ?? "");
    for (const token of [keyFixture().key, wrong, ...fixtures.map(({ key }) => key)]) {
      const compare = jest.spyOn(crypto, "timingSafeEqual");
      const hmac = jest.spyOn(crypto, "createHmac");
      await verifyKey(token);
      expect([compare.mock.calls.length, hmac.mock.calls.length]).toEqual([1, 1]);
      jest.restoreAllMocks();
    }
  });

  it("cannot be judged while the store is down: that is not a refusal", async () => {
    const { store, verifyKey } = setUp();
    store.fault = () => Promise.reject(new Error("gone"));
    await expect(verifyKey(keyFixture().key)).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it("is never taken for a key with another prefix", () => {
    const { store, clock } = setUp();
    const snapshots = createSnapshots({ store, clock, logger: listLogger() });
    const verifyKey = createKeyVerifier({ snapshots, peppers, clock, prefix: "acme" });
    expect(verifyKey(keyFixture().key)).toMatchObject({ ok: false, reason: "malformed" });
    expect(() => createKeyVerifier({ snapshots, peppers, clock, prefix: "ACME" })).toThrow(ConfigurationError);
  });
});
