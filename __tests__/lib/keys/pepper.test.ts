import crypto from "node:crypto";
import { inspect } from "node:util";
import { ConfigurationError, Denial } from "../../../lib/denial";
import { createPeppers, digestKey, provesKey } from "../../../lib/keys/pepper";

const FIRST = "first pepper, thirty-two bytes or more";
const SECOND = "zweiter Pfeffer: äöü, auch lang genug";
const peppers = createPeppers({ current: 2, versions: { 1: FIRST, 2: SECOND } });

afterEach(() => jest.restoreAllMocks());

describe("a digest", () => {
  it("is HMAC-SHA-256 of the whole key under the pepper's UTF-8 bytes", () => {
    const expected = crypto.createHmac("sha256", Buffer.from(SECOND, "utf8")).update("some key").digest("hex");
    expect(Buffer.from(digestKey(peppers, 2, "some key")).toString("hex")).toBe(expected);
  });

  it("proves its key under the version it was made with, and no other key", () => {
    for (const pepperVersion of [1, 2]) {
      const stored = { digest: digestKey(peppers, pepperVersion, "key"), pepperVersion };
      expect(provesKey(peppers, "key", stored)).toBe(true);
      expect(provesKey(peppers, "kez", stored)).toBe(false);
      expect(provesKey(peppers, "key", { ...stored, pepperVersion: 3 - pepperVersion })).toBe(false);
    }
  });

  it("of the wrong size, or missing, proves nothing and costs one comparison all the same", () => {
    const compare = jest.spyOn(crypto, "timingSafeEqual");
    const hmac = jest.spyOn(crypto, "createHmac");
    for (const size of [0, 31, 33]) {
      expect(provesKey(peppers, "key", { digest: new Uint8Array(size), pepperVersion: 1 })).toBe(false);
    }
    expect(provesKey(peppers, "key", null)).toBe(false);
    expect(compare).toHaveBeenCalledTimes(4);
    expect(hmac).toHaveBeenCalledTimes(4);
  });

  it("of a pepper that is no longer configured is the operator's fault, not the caller's", () => {
    const attempt = () => provesKey(peppers, "key", { digest: new Uint8Array(32), pepperVersion: 9 });
    expect(attempt).toThrow(Denial);
    expect(attempt).toThrow("store_unavailable: configuration");
  });
});

describe("peppers", () => {
  it.each([
    ["too short", { current: 1, versions: { 1: "x".repeat(31) } }, "pepper_too_short"],
    ["not text", { current: 1, versions: { 1: undefined as unknown as string } }, "pepper_too_short"],
    ["absent", { current: 1, versions: {} }, "pepper_missing"],
    ["without the current version", { current: 2, versions: { 1: FIRST } }, "pepper_missing"],
    ["of version zero", { current: 0, versions: { 0: FIRST } }, "pepper_version"],
    ["of a version that is no number", { current: 1, versions: { one: FIRST } as never }, "pepper_version"],
  ])("that are %s stop the start", (_name, options, code) => {
    const attempt = () => createPeppers(options);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });

  it("are measured in bytes, not in characters", () => {
    expect(() => createPeppers({ current: 1, versions: { 1: "ä".repeat(16) } })).not.toThrow();
    expect(() => createPeppers({ current: 1, versions: { 1: "ä".repeat(15) } })).toThrow(/has 30 bytes/);
  });

  it("show no secret when printed, serialised or complained about", () => {
    const secret = "super secret but too short";
    const complaint = () => createPeppers({ current: 1, versions: { 1: secret } });
    expect(complaint).not.toThrow(secret);
    expect(inspect(peppers, { depth: 9, showHidden: true }) + JSON.stringify(peppers)).not.toMatch(/pepper,|Pfeffer/);
    expect(Object.isFrozen(peppers)).toBe(true);
  });
});
