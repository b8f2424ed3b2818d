import { createRequire } from "node:module";
import { ConfigurationError } from "../../../lib/denial";

/** One connection: typed by the methods called on it, since the packages may not be there. */
export interface NatsConnection {
  isClosed(): boolean;
  close(): Promise<void>;
}

export interface NatsHeaders {
  set(name: string, value: string): void;
}

export interface JetStreamClient {
  publish(
    subject: string,
    payload: Uint8Array,
    options: {
      readonly msgID: string;
      readonly timeout: number;
      readonly headers: NatsHeaders;
      readonly expect?: { readonly streamName: string };
    },
  ): Promise<unknown>;
}

export interface NatsSettings {
  readonly servers: string | readonly string[];
  readonly name: string;
  readonly timeout: number;
  readonly reconnect: boolean;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  readonly tls?: object;
  readonly authenticator?: unknown;
}

export interface Nats {
  connect(settings: NatsSettings): Promise<NatsConnection>;
  credsAuthenticator(credentials: Uint8Array): unknown;
  headers(): NatsHeaders;
  jetstream(connection: NatsConnection): JetStreamClient;
}

/** The client's two packages are optional peers: whoever names a NATS sink installs them. Throws ConfigurationError. */
export function loadNats(): Nats {
  const require = createRequire(__filename);
  try {
    const { connect, credsAuthenticator, headers } = require("@nats-io/transport-node") as Nats;
    const { jetstream } = require("@nats-io/jetstream") as Nats;
    return { connect, credsAuthenticator, headers, jetstream };
  } catch (cause) {
    throw new ConfigurationError(
      "nats_client_missing",
      "A NATS sink needs the packages @nats-io/transport-node and @nats-io/jetstream, which could not be loaded: run `npm install @nats-io/transport-node @nats-io/jetstream`.",
      cause,
    );
  }
}
