import { webhookSink, type WebhookSinkOptions } from "../../../adapters/audit/webhook";
import { linkHash } from "../../../lib/audit/hash-chain";
import type { StoredRecord } from "../../../lib/ports/audit-log";
import type { AuditSink } from "../../../lib/ports/audit-sink";
import type { SinkTrouble } from "../../../lib/sinks/sink-trouble";
import { storedRecord } from "../../support/stored-record";
import { envelopeOf, isSigned, webhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const NEXT_SECRET = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
const RECORDS = [storedRecord(1, { model: "é \u0000" }), storedRecord(2)];

let receiver: WebhookReceiver;
let sink: AuditSink;
beforeEach(async () => {
  receiver = await webhookReceiver();
  sink = open();
});
afterEach(async () => {
  await sink.close?.();
  await receiver.close();
});

function open(more: Partial<WebhookSinkOptions> = {}): AuditSink {
  return webhookSink({ url: receiver.url, secret: SECRET, ...more });
}

function deliver(to: AuditSink = sink, records: readonly StoredRecord[] = RECORDS): Promise<void> {
  return to.deliver(records, new AbortController().signal);
}

async function trouble(to: AuditSink = sink): Promise<SinkTrouble> {
  return deliver(to).then(
    () => Promise.reject(new Error("it was delivered")),
    (error: unknown) => error as SinkTrouble,
  );
}

it("posts records as their canonical bytes, so that a receiver can check the chain", async () => {
  await deliver();
  const [message] = receiver.messages;
  const { type, timestamp, data } = envelopeOf(message ?? { headers: {}, body: "null" });
  expect([type, timestamp]).toEqual(["audit.records", "1970-01-01T00:00:00.000Z"]);
  expect(data).toMatchObject({ node: "n", first: 1, last: 2, hash: RECORDS[1]?.hash });
  const [{ bytes } = { bytes: Buffer.alloc(0) }] = RECORDS;
  expect(message?.body).toContain(Buffer.from(bytes).toString("utf8"));
  const link = linkHash(new Uint8Array(32), "n", "b", 1, bytes);
  expect(Buffer.from(link).toString("hex")).toBe(RECORDS[0]?.hash);
});

it("signs as Standard Webhooks says, with both secrets while one takes the place of the other", async () => {
  await deliver();
  const both = open({ secret: [SECRET, NEXT_SECRET] });
  await deliver(both);
  await both.close?.();
  const [one, two] = receiver.messages;
  if (one === undefined || two === undefined) throw new Error("nothing came");
  expect([isSigned(one, SECRET), isSigned(one, NEXT_SECRET)]).toEqual([true, false]);
  expect([isSigned(two, SECRET), isSigned(two, NEXT_SECRET)]).toEqual([true, true]);
  expect(Math.abs(Number(one.headers["webhook-timestamp"]) - Date.now() / 1_000)).toBeLessThan(60);
});

it("agrees with the example of the specification's libraries", async () => {
  // Secret, id, time, body and signature as the reference implementations test them.
  const { signMessage, readSecrets } = await import("../../../adapters/audit/webhook/sign-message.js");
  const secrets = readSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const body = Buffer.from('{"test": 2432232314}');
  const headers = signMessage("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_000, body, secrets);
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

it("gives the same records the same id, and others another", async () => {
  await deliver();
  await deliver();
  await deliver(sink, RECORDS.slice(0, 1));
  const [one, again, other] = receiver.messages.map(({ headers }) => headers["webhook-id"]);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

it.each([
  [503, "5", { retryAfterMs: 5_000, permanent: false }],
  [429, null, { retryAfterMs: null, permanent: false }],
  [408, "soon", { retryAfterMs: null, permanent: false }],
  [500, null, { retryAfterMs: null, permanent: false }],
  [400, "5", { retryAfterMs: null, permanent: true }],
  [401, null, { retryAfterMs: null, permanent: true }],
  [413, null, { retryAfterMs: null, permanent: true }],
])("takes %i (Retry-After: %s) for %j", async (status, retryAfter, expected) => {
  receiver.answer = (response) =>
    response.writeHead(status, retryAfter === null ? {} : { "retry-after": retryAfter }).end("secret words");
  const error = await trouble();
  expect(error).toMatchObject({ name: "SinkTrouble", ...expected });
  expect(error.message).toMatch(new RegExp(`^it answered ${status}`));
  expect(error.message).not.toContain("secret words");
});

it("heeds a Retry-After that is a date", async () => {
  const at = new Date(Date.now() + 60_000).toUTCString();
  receiver.answer = (response) => response.writeHead(503, { "retry-after": at }).end();
  expect((await trouble()).retryAfterMs).toBeGreaterThan(50_000);
});

it("follows no redirect", async () => {
  const elsewhere = await webhookReceiver();
  receiver.answer = (response) => response.writeHead(307, { location: elsewhere.url }).end();
  expect(await trouble()).toMatchObject({ permanent: true, message: expect.stringContaining("redirects") as unknown });
  expect(elsewhere.messages).toEqual([]);
  await elsewhere.close();
});

it("gives up on a receiver that hangs, and names no more of it than its origin", async () => {
  receiver.answer = () => new Promise(() => undefined);
  const hasty = open({ timeoutMs: 100 });
  const { message } = await trouble(hasty);
  await hasty.close?.();
  expect(message).toContain("did not answer");
  expect(message).not.toContain("in-the-query");
  await receiver.close();
  expect((await trouble()).message).toMatch(/^http:\/\/127\.0\.0\.1:\d+ did not answer: \w+/);
});

it.each<[Partial<WebhookSinkOptions>, RegExp]>([
  [{ url: "http://example.com/" }, /url that is none: write https/],
  [{ url: "https://user:hunter2@example.com/" }, /user in its url/],
  [{ url: "nonsense" }, /url that is none/],
  [{ secret: "hunter2" }, /secret that is none: write whsec_/],
  [{ secret: [] }, /needs a secret/],
  [{ secret: "whsec_aHVudGVyMg==" }, /secret that is none/],
  [{ name: "two words" }, /1 to 64 visible ASCII/],
])("refuses %j with a sentence that does not quote it", (options, sentence) => {
  expect(() => open(options)).toThrow(sentence);
  expect(() => open(options)).not.toThrow(/hunter2/);
});
