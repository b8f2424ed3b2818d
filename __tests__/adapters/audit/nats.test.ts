import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { natsSink, type NatsSinkOptions } from "../../../adapters/audit/nats";
import type { AuditSink } from "../../../lib/ports/audit-sink";
import type { StoredRecord } from "../../../lib/ports/audit-log";
import { describeWithNats, ownNats } from "../../support/nats-server";
import { storedRecord } from "../../support/stored-record";

const RECORDS = Array.from({ length: 20 }, (_, index) => storedRecord(index + 1));

it.each<[Partial<NatsSinkOptions>, RegExp]>([
  [{ servers: [] }, /needs servers/],
  [{ subject: "audit.>" }, /cannot be published/],
  [{ name: "" }, /1 to 64/],
])("refuses %j", (options, sentence) => {
  expect(() => natsSink({ servers: "nats://localhost:4222", ...options })).toThrow(sentence);
});

describeWithNats("the NATS sink", () => {
  const server = ownNats();
  const sinks: AuditSink[] = [];
  let admin: NatsConnection;

  beforeAll(async () => {
    const { url, user, password } = server();
    admin = await connect({ servers: url, user, pass: password });
    const manager = await jetstreamManager(admin);
    await manager.streams.add({ name: "AUDIT", subjects: ["llm-gate.audit"] });
  });
  afterEach(async () => {
    for (const sink of sinks.splice(0)) await sink.close?.();
  });
  afterAll(() => admin.close());

  function open(more: Partial<NatsSinkOptions> = {}): AuditSink {
    const { url, user, password } = server();
    const sink = natsSink({ servers: url, user, password, timeoutMs: 2_000, ...more });
    sinks.push(sink);
    return sink;
  }

  const deliver = (sink: AuditSink, records: readonly StoredRecord[], signal = new AbortController().signal) =>
    sink.deliver(records, signal);

  /** A signal takes a moment to stop all threads of a process. */
  async function frozen(): Promise<void> {
    server().freeze();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async function kept(): Promise<readonly { id: string; hash: string; body: string }[]> {
    const manager = await jetstreamManager(admin);
    const { state } = await manager.streams.info("AUDIT");
    const messages = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage("AUDIT", { seq });
      if (message === null) continue;
      const { header } = message;
      messages.push({ id: header.get("Nats-Msg-Id"), hash: header.get("Llm-Gate-Hash"), body: message.string() });
    }
    return messages;
  }

  it("keeps each record's canonical bytes once, in order, however often it is sent", async () => {
    const sink = open({ stream: "AUDIT" });
    await deliver(sink, RECORDS.slice(0, 12));
    await deliver(sink, RECORDS.slice(0, 12));
    await deliver(open(), RECORDS.slice(10));
    expect(await kept()).toEqual(
      RECORDS.map(({ bytes, hash, record }) => ({ id: `n:${record.seq}`, hash, body: Buffer.from(bytes).toString() })),
    );
  });

  it("says when no stream takes the subject, another does, or the credentials are wrong", async () => {
    await expect(deliver(open({ subject: "nobody.listens" }), RECORDS)).rejects.toMatchObject({
      ...{ name: "SinkTrouble", permanent: true, message: "no stream of the server takes the subject nobody.listens" },
    });
    await expect(deliver(open({ stream: "OTHER" }), RECORDS)).rejects.toMatchObject({
      ...{ name: "SinkTrouble", message: "another stream than the one named takes the subject" },
    });
    const wrong = deliver(open({ password: "wrong-hunter2" }), RECORDS);
    await expect(wrong).rejects.toMatchObject({
      permanent: true,
      message: "the server does not accept the credentials",
    });
  });

  it("says when the stream is full, and when a record is larger than it takes", async () => {
    const { streams } = await jetstreamManager(admin);
    await streams.add({ name: "SMALL", subjects: ["small"], max_msgs: 1, discard: "new" });
    const sink = open({ subject: "small" });
    const message = "the stream is full and discards what is new";
    await expect(deliver(sink, RECORDS)).rejects.toMatchObject({ name: "SinkTrouble", message });
    await streams.update("SMALL", { max_msgs: 99, max_msg_size: 20 });
    await expect(deliver(sink, RECORDS)).rejects.toThrow("a record is larger than the stream takes (max_msg_size)");
  });

  it("gives up on a server that hangs, goes on with one that is back, and forgets no record", async () => {
    const sink = open({ timeoutMs: 300 });
    await deliver(sink, [storedRecord(21)]);
    await frozen();
    await expect(deliver(sink, [storedRecord(22)])).rejects.toMatchObject({ name: "SinkTrouble" });
    server().thaw();
    await deliver(open(), [storedRecord(22)]);
    expect((await kept()).map(({ id }) => id).slice(-2)).toEqual(["n:21", "n:22"]);
  });

  it("lets go at once when it is told to", async () => {
    const sink = open({ timeoutMs: 60_000 });
    await deliver(sink, [storedRecord(23)]);
    await frozen();
    const ending = new AbortController();
    const given = deliver(sink, [storedRecord(24)], ending.signal);
    setTimeout(() => ending.abort(), 50);
    await expect(given).rejects.toMatchObject({ name: "SinkTrouble" });
    server().thaw();
  });
});
