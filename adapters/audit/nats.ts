import type { StoredRecord } from "../../lib/ports/audit-log";
import type { AuditSink } from "../../lib/ports/audit-sink";
import { SinkTrouble, troubleOf } from "../../lib/sinks/sink-trouble";
import { loadNats, type JetStreamClient, type Nats, type NatsConnection, type NatsSettings } from "./nats/load-nats";
import { sinkInvalid, sinkName } from "./sink-name";

export interface NatsSinkOptions {
  /** `nats://host:4222`, or several of one cluster. */
  readonly servers: string | readonly string[];
  /** What records are published under; a stream must take it. Default `llm-gate.audit`. */
  readonly subject?: string;
  /** The stream that must take them: another one is refused. */
  readonly stream?: string;
  /** Default `nats`. */
  readonly name?: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** The content of a credentials file. */
  readonly credentials?: string;
  /** As Node's TLS takes them. */
  readonly tls?: object;
  /** For one acknowledgement. Default 5,000. */
  readonly timeoutMs?: number;
}

const SUBJECT = "llm-gate.audit";
const TIMEOUT_MS = 5_000;
const LIMITS = Object.freeze({ records: 250, bytes: 1_000_000 });
const SAYABLE = /^[^\s*>.]+(\.[^\s*>.]+)*$/;

interface Session {
  readonly connection: NatsConnection;
  readonly stream: JetStreamClient;
}

/**
 * Publishes every record to NATS JetStream, its canonical bytes as they are, and counts on the server's receipt. The
 * `Nats-Msg-Id` is `node:seq`, so that a record that is sent twice within the stream's window is kept once. The
 * connection is made when it is needed, and anew after it failed.
 */
export function natsSink(options: NatsSinkOptions): AuditSink {
  const { name = "nats", subject = SUBJECT, stream: streamName, timeoutMs: timeout = TIMEOUT_MS } = options;
  if (!SAYABLE.test(subject)) throw sinkInvalid(`of the kind nats has a subject that cannot be published: ${subject}`);
  const nats = loadNats();
  const settings = settingsOf(nats, options, timeout);
  let session: Promise<Session> | null = null;

  async function give(): Promise<void> {
    const giving = session;
    session = null;
    await giving?.then(({ connection }) => connection.close()).catch(() => undefined);
  }

  function publish({ stream }: Session, { record, bytes, hash }: StoredRecord): Promise<unknown> {
    const headers = nats.headers();
    headers.set("Llm-Gate-Hash", hash);
    const expect = streamName === undefined ? {} : { expect: { streamName } };
    return stream.publish(subject, bytes, { msgID: `${record.node}:${record.seq}`, timeout, headers, ...expect });
  }

  return Object.freeze({
    name: sinkName(name),
    limits: LIMITS,
    async deliver(records: readonly StoredRecord[], signal: AbortSignal): Promise<void> {
      const cut = (): void => void give();
      signal.addEventListener("abort", cut, { once: true });
      try {
        const opened = await (session ??= open(nats, settings));
        await Promise.all(records.map((record) => publish(opened, record)));
      } catch (error) {
        // A connection to a server that hangs takes its time to close.
        void give();
        throw natsTrouble(error, subject);
      } finally {
        signal.removeEventListener("abort", cut);
      }
    },
    close: give,
  });
}

async function open(nats: Nats, settings: NatsSettings): Promise<Session> {
  const connection = await nats.connect(settings);
  return { connection, stream: nats.jetstream(connection) };
}

function settingsOf(nats: Nats, options: NatsSinkOptions, timeout: number): NatsSettings {
  const { servers, user, password, token, credentials, tls } = options;
  if (servers.length === 0) throw sinkInvalid("of the kind nats needs servers, such as nats://localhost:4222");
  return {
    ...{ servers, timeout, name: "express-llm-gate", reconnect: false },
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(token !== undefined && { token }),
    ...(tls !== undefined && { tls }),
    ...(credentials !== undefined && { authenticator: nats.credsAuthenticator(Buffer.from(credentials, "utf8")) }),
  };
}

/** The client's own words could quote an address with a password. */
function natsTrouble(error: unknown, subject: string): SinkTrouble {
  const name = error instanceof Error ? error.name : "";
  if (name === "JetStreamNotEnabled" || name === "NoResponders")
    return new SinkTrouble(`no stream of the server takes the subject ${subject}`, { permanent: true });
  if (name === "AuthorizationError" || name === "UserAuthenticationExpiredError")
    return new SinkTrouble("the server does not accept the credentials", { permanent: true });
  const refused = name === "JetStreamApiError" ? REFUSALS[Number((error as NodeJS.ErrnoException).code)] : undefined;
  return new SinkTrouble(refused ?? `the server did not acknowledge: ${troubleOf(error)}`);
}

/** Codes of JetStream's answers that an operator can do something about. */
const REFUSALS: Readonly<Record<number, string>> = {
  10054: "a record is larger than the stream takes (max_msg_size)",
  10060: "another stream than the one named takes the subject",
  10077: "the stream is full and discards what is new",
};
