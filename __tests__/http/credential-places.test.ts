import { DIALECTS } from "../support/dialects";
import { check, type Refused } from "../support/http-check";
import { send } from "../support/http-client";
import { exchange } from "../support/raw-socket";
import { openSite, type Site } from "../support/site";
import { faultStore } from "../support/fault-store";
import { memoryStore } from "../../adapters/stores/memory";

const MISSING: Refused = { refused: "unauthorized", reason: "missing" };
const MALFORMED: Refused = { refused: "unauthorized", reason: "malformed" };

let site: Site;
let key = "";
let lookups = 0;

beforeAll(async () => {
  const store = memoryStore();
  const counting = {
    ...store,
    findKey: (id: string) => {
      lookups += 1;
      return store.findKey(id);
    },
  };
  site = await openSite({ store: counting });
  key = await site.key("alice");
});
afterAll(() => site.close());

describe.each(DIALECTS)("a key in the wrong place on $path", (dialect) => {
  it.each(["api_key", "key", "access_token", "token", "authorization"])(
    "A14: is no credential in the query as %s, and the query is not stored",
    async (name) => {
      const { records } = await check(site, { dialect, path: `${dialect.path}?${name}=${key}` }, MISSING);
      expect(records[0]?.path).toBe(dialect.path);
    },
  );

  it.each([
    ["a cookie", "Cookie", "access_token=KEY; key=KEY; connect.sid=KEY"],
    ["Proxy-Authorization", "Proxy-Authorization", "Bearer KEY"],
    ["A15 X_API_KEY", "X_API_KEY", "KEY"],
    ["A15 x-api_key", "x-api_key", "KEY"],
    ["A15 api-key", "api-key", "KEY"],
    ["A15 x-goog-api-key", "x-goog-api-key", "KEY"],
    ["x-auth-token", "x-auth-token", "KEY"],
  ])("A14: is no credential in %s", async (_place, name, value) => {
    await check(site, { dialect, headers: [[name, value.replaceAll("KEY", key)]] }, MISSING);
  });

  it.each(["access_token", "api_key", "key", "authorization"])(
    "A14: is no credential in the body as %s",
    async (name) => {
      await check(site, { dialect, with: { [name]: key } }, MISSING);
      const form = new URLSearchParams({ [name]: key }).toString();
      await check(site, { dialect, body: form, contentType: "application/x-www-form-urlencoded" }, MISSING);
    },
  );

  it("A14: is no credential as user info, neither as Basic nor in an absolute target", async () => {
    const basic = Buffer.from(`${key}:${key}`).toString("base64");
    await check(site, { dialect, headers: [["Authorization", `Basic ${basic}`]] }, MALFORMED);
    const [answer] = await exchange(
      site.port,
      `POST http://${key}:x@gate.test${dialect.path} HTTP/1.1\r\nHost: gate.test\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect([answer?.status, answer?.body]).toEqual([
      401,
      JSON.stringify(dialect.envelope("unauthorized", "Unauthorized")),
    ]);
  });

  it.each([
    ["SQL", "' OR 1=1-- ' OR 1=1--"],
    ["a placeholder", "$1"],
    ["an encoded NUL", "%00%00%00%00%00%00%00%00"],
    ["a written NUL", "\\u0000\\u0000\\u0000"],
    ["8 KiB of A", "A".repeat(8192)],
    ["an emoji's bytes", Buffer.from("🔑🔑🔑🔑🔑🔑").toString("latin1")],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"],
    ["hasOwnProperty, long enough", "hasOwnProperty.hasOwnProperty"],
    ["a key of another make", `sk-ant-api03-${"x".repeat(80)}`],
    ["the right length, wrong characters", `llmg_${".".repeat(49)}`],
  ])("A11: %s is refused without a look-up and without an echo", async (_what, value) => {
    const before = lookups;
    for (const header of [`Bearer ${value}`, value]) {
      const [name, form] = header === value ? ["x-api-key", "x-api-key"] : ["Authorization", "bearer"];
      const received = await check(site, { dialect, headers: [[name, header]] }, MALFORMED);
      if (value.length > 8) expect(JSON.stringify(received.records) + received.text).not.toContain(value);
      expect(received.records[0]?.credential ?? form).toBe(form);
    }
    expect(lookups).toBe(before);
  });
});

it("looks nothing up for a thousand keys with a bad checksum", async () => {
  const before = lookups;
  const flipped = (at: number) => key.slice(0, 15) + String(at).padStart(33, "x") + key.slice(48);
  const headers = (at: number) => [["x-api-key", flipped(at)]] as const;
  for (let at = 0; at < 1000; at += 50) {
    const group = Array.from({ length: 50 }, (_, next) =>
      send(site.port, { path: "/v1/messages", headers: headers(at + next) }),
    );
    expect(new Set((await Promise.all(group)).map(({ status }) => status))).toEqual(new Set([401]));
  }
  expect(lookups).toBe(before);
});

it("keeps what it does not know of a store that fails: 503, and nothing is remembered as unknown", async () => {
  const broken = faultStore();
  broken.fault = () => {
    throw new Error("connect ECONNREFUSED postgres://admin:hunter2@db.internal:5432");
  };
  const sound = memoryStore();
  const store = { ...sound, findKey: (id: string) => (down ? broken.findKey(id) : sound.findKey(id)) };
  let down = true;
  const other = await openSite({ store });
  other.keepSecret("hunter2");
  for (const dialect of DIALECTS) {
    await check(other, { dialect, as: "alice" }, { refused: "store_unavailable", reason: "store_unavailable" });
  }
  down = false;
  for (const dialect of DIALECTS) await check(other, { dialect, as: "alice" }, {});
  await other.close();
});
