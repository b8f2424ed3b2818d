import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { hasNats, ownNats } from "./nats-server";

/** Where the sinks of a gate deliver to, each the real thing. */
export interface SinkTargets {
  /** Lines of a gate file for `audit.sinks`. */
  readonly settings: string;
  /** All that a webhook was sent. */
  hooked(): Buffer;
  /** All that an OpenTelemetry collector was sent. */
  collected(): Buffer;
  /** All that a stream of NATS keeps: its messages with their headers. */
  streamed(): Promise<Buffer>;
}

export const HOOK_SECRET = "whsec_Y2FuYXJ5LWhvb2stc2VjcmV0LWNhbmFyeQ==";
export const COLLECTOR_TOKEN = "canary-collector-token-0123456789";
const SUBJECT = "llm-gate.audit";

/** For one suite: started before its tests, gone after them. Without a NATS on the machine there is none among them. */
export function sinkTargets(): () => SinkTargets {
  const nats = hasNats ? ownNats() : null;
  const hook = listener();
  const collector = listener();
  beforeAll(async () => {
    if (nats !== null) await addStream(nats());
  });
  return () => ({
    settings: `
    - webhook: { url: "${hook.url()}", secret: "${HOOK_SECRET}" }
    - openTelemetry: { url: "${collector.url()}v1/logs", headers: { authorization: "Bearer ${COLLECTOR_TOKEN}" } }
    ${nats === null ? "" : natsSettings(nats())}`,
    hooked: () => Buffer.concat(hook.bodies),
    collected: () => Buffer.concat(collector.bodies),
    streamed: async () => (nats === null ? Buffer.alloc(0) : keptBy(nats())),
  });
}

interface NatsAccount {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

function natsSettings({ url, user, password }: NatsAccount): string {
  return `- nats: { servers: "${url}", subject: ${SUBJECT}, stream: AUDIT, user: ${user}, password: ${password} }`;
}

function listener(): { readonly bodies: readonly Buffer[]; url(): string } {
  const bodies: Buffer[] = [];
  const server = http.createServer((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { bodies, url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

async function addStream({ url, user, password }: NatsAccount): Promise<void> {
  const admin = await connect({ servers: url, user, pass: password });
  const manager = await jetstreamManager(admin);
  await manager.streams.add({ name: "AUDIT", subjects: [SUBJECT] });
  await admin.close();
}

async function keptBy({ url, user, password }: NatsAccount): Promise<Buffer> {
  const admin = await connect({ servers: url, user, pass: password });
  const { streams } = await jetstreamManager(admin);
  const { state } = await streams.info("AUDIT");
  const kept: string[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await streams.getMessage("AUDIT", { seq });
    if (message !== null) kept.push(message.string(), JSON.stringify([...message.header]));
  }
  await admin.close();
  return Buffer.from(kept.join("\n"));
}
