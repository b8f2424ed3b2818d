import crypto, { createHash, createHmac, randomBytes } from "node:crypto";
import { createSnapshots } from "../../../lib/auth/snapshot-cache";
import { createKeyVerifier } from "../../../lib/auth/verify-key";
import { importedKeyId, importSecrets } from "../../../lib/keys/imported-key";
import { digestKey } from "../../../lib/keys/pepper";
import type { StoredKey } from "../../../lib/ports/store";
import { faultStore } from "../../support/fault-store";
import { handClock, keyFixture, listLogger, peppers } from "../../support/key-fixture";

const SECRET = "the other system's own secret";
const foreignKey = () => `sk-other-${randomBytes(24).toString("base64url")}`;
const sha256 = (key: string) => createHash("sha256").update(key).digest();

/** A store with these keys of another system, and a verifier that counts what it is told. */
function setUp(keys: readonly (readonly [key: string, stored?: Partial<StoredKey>])[], { none = false } = {}) {
  const store = Object.assign(faultStore(), { hasImportedKeys: async () => !none });
  const put = (digest: Uint8Array, stored: Partial<StoredKey> = {}) => {
    const id = importedKeyId(digest);
    store.keys.set(id, keyFixture({ id, digest: digestKey(peppers, 1, digest), ...stored }).snapshot);
    return id;
  };
  const ids = keys.map(([key, stored]) => put(sha256(key), stored));
  const clock = handClock();
  const snapshots = createSnapshots({ store, clock, logger: listLogger() });
  const importedSecrets = importSecrets([SECRET]);
  const verifyKey = createKeyVerifier({ snapshots, peppers, clock, importSecrets: importedSecrets });
  return { store, clock, put, ids, verifyKey };
}

afterEach(() => jest.restoreAllMocks());

describe("a token of another system's form", () => {
  it("is let in by its SHA-256 or its HMAC, and without a promise once it is known", async () => {
    const [one, other] = [foreignKey(), foreignKey()];
    const { put, verifyKey } = setUp([[one]]);
    put(createHmac("sha256", SECRET).update(other).digest());
    for (const key of [one, other]) {
      expect(await verifyKey(key)).toMatchObject({ ok: true, stale: false });
      expect(verifyKey(key)).not.toBeInstanceOf(Promise);
    }
  });

  it("is refused as unknown with no id, as revoked or expired with the id of the key", async () => {
    const [revoked, expired] = [foreignKey(), foreignKey()];
    const { ids, verifyKey } = setUp([
      [revoked, { revokedAt: 1 }],
      [expired, { expiresAt: 1 }],
    ]);
    expect(await verifyKey(foreignKey())).toEqual({ ok: false, reason: "unknown_key", keyId: null });
    expect(await verifyKey(revoked)).toEqual({ ok: false, reason: "revoked", keyId: ids[0] });
    expect(await verifyKey(expired)).toEqual({ ok: false, reason: "expired", keyId: ids[1] });
  });

  it("is not a key because the database says its digest: that is another digest's digest", async () => {
    const key = foreignKey();
    const { verifyKey } = setUp([[key, { digest: sha256(key) }]]);
    expect(await verifyKey(key)).toMatchObject({ ok: false, reason: "unknown_key" });
  });

  it("costs no look-up where nothing was ever imported", async () => {
    const { store, verifyKey } = setUp([], { none: true });
    for (let count = 0; count < 1_000; count += 1)
      expect(await verifyKey(foreignKey())).toEqual({ ok: false, reason: "malformed", keyId: null });
    expect(store.asked.findKey).toBe(0);
  });

  it("costs the same digests, look-ups and one comparison whether it is unknown, revoked, expired or good", async () => {
    const keys = [foreignKey(), foreignKey(), foreignKey()] as const;
    const { store, verifyKey } = setUp([[keys[0]], [keys[1], { revokedAt: 1 }], [keys[2], { expiresAt: 1 }]]);
    await verifyKey(foreignKey());
    for (const token of [foreignKey(), ...keys]) {
      const asked = store.asked.findKey;
      const compare = jest.spyOn(crypto, "timingSafeEqual");
      const hmac = jest.spyOn(crypto, "createHmac");
      await verifyKey(token);
      const costs = [compare.mock.calls.length, hmac.mock.calls.length, store.asked.findKey - asked];
      expect(costs).toEqual([1, 2, 2]);
      jest.restoreAllMocks();
    }
  });

  it("evicts no known key, however many are guessed", async () => {
    const good = foreignKey();
    const { store, verifyKey } = setUp([[good]]);
    await verifyKey(good);
    for (let guess = 0; guess < 11_000; guess += 1) await verifyKey(`guess-${guess}-0123456789abcdef`);
    const asked = store.asked.findKey;
    expect(await verifyKey(good)).toMatchObject({ ok: true });
    // Its HMAC is looked up again, and unknown as before; the key itself is at hand.
    expect(store.asked.findKey - asked).toBeLessThanOrEqual(1);
  });

  it("cannot be judged while the store is down, unless it is known already", async () => {
    const [known, unknown] = [foreignKey(), foreignKey()];
    const { store, clock, put, verifyKey } = setUp([]);
    put(createHmac("sha256", SECRET).update(known).digest());
    await verifyKey(known);
    store.fault = () => Promise.reject(new Error("gone"));
    clock.advance(1_000);
    await expect(verifyKey(unknown)).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it("is looked up as soon as the first key is imported", async () => {
    const key = foreignKey();
    const { store, clock, put, verifyKey } = setUp([], { none: true });
    expect(await verifyKey(key)).toMatchObject({ reason: "malformed" });
    const id = put(sha256(key));
    store.hasImportedKeys = async () => true;
    store.changed({ subject: "key", subjectId: id });
    clock.advance(1_000);
    expect(await verifyKey(key)).toMatchObject({ ok: true });
  });
});

describe("the secrets of other systems", () => {
  it("are refused when they are hardly secret", () => {
    expect(() => importSecrets(["short"])).toThrow(expect.objectContaining({ code: "import_secret" }));
  });
});
