import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import type { Express } from "express";
import express5 from "express";
import express4 from "express4";
import winston from "winston";
import { createOperatorLog, forward, type Gate } from "../../adapters/index";
import { testGate, type TestGate, type TestGateOptions } from "../../adapters/testing";
import { httpUpstream, type HttpUpstreamOptions } from "../../adapters/upstreams/http";
import type { AuditRecord } from "../../lib/audit/record";
import { HOUSE } from "./house-policy";
import { scriptedUpstream, type ScriptedUpstream } from "./scripted-upstream";

export const EXPRESSES = [
  ["Express 5", express5],
  ["Express 4", express4],
] as const;

/** What the upstream gets in place of any client's key. */
export const PROVIDER_KEY = "sk-provider-0123456789abcdef";

export interface SiteOptions extends TestGateOptions {
  readonly express?: typeof express5;
  /** Mounts everything; default: the gate, then what forwards to the scripted upstream. */
  readonly mount?: (
    app: Express,
    parts: { readonly gate: Gate; readonly forwarder: ReturnType<typeof forward> },
  ) => void;
  readonly upstream?: Partial<HttpUpstreamOptions>;
  /** Whether the gate guards the server; default true. */
  readonly protect?: boolean;
  readonly server?: Parameters<typeof createServer>[0];
}

/** A host with a gate, a provider behind it and everything that was written down on the way. */
export interface Site extends Omit<TestGate, "close"> {
  readonly port: number;
  readonly server: Server;
  readonly upstream: ScriptedUpstream;
  /** One key per user, made when it is first asked for. */
  key(name: string): Promise<string>;
  /** Resolves when a record for which `wanted` holds is durable; at once when there is one. */
  recorded(wanted: (record: AuditRecord) => boolean): Promise<AuditRecord>;
  /** What the operator's log says, one JSON line each. */
  readonly log: readonly string[];
  /** Text that may stand in no record and no log line. */
  keepSecret(text: string): void;
  /** Closes everything, then proves that every call ended once on record and that no secret was written down. */
  close(): Promise<void>;
}

const left = new Set<() => Promise<void>>();

/** What a failed test left open would keep the process alive. */
afterAll(async () => {
  for (const close of [...left]) await close();
});

export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const {
    express = express5,
    mount = mountForwarder,
    upstream: upstreamOptions,
    protect = true,
    server: serverOptions = {},
    ...gateOptions
  } = options;
  const upstream = await scriptedUpstream();
  const log: string[] = [];
  const heard: {
    readonly wanted: (record: AuditRecord) => boolean;
    readonly resolve: (record: AuditRecord) => void;
  }[] = [];
  const kit = await testGate({
    policy: HOUSE,
    logger: createOperatorLog({ level: "debug", transports: new winston.transports.Stream({ stream: lines(log) }) }),
    ...gateOptions,
    onDecision: (event) => {
      gateOptions.onDecision?.(event);
      for (const one of heard) if (one.wanted(event as AuditRecord)) one.resolve(event as AuditRecord);
    },
  }).catch(async (refused: unknown) => {
    await upstream.close();
    throw refused;
  });
  upstream.demandIntents(kit.trail);
  const target = httpUpstream({ name: "scripted", baseUrl: upstream.origin, apiKey: PROVIDER_KEY, ...upstreamOptions });
  const app = express();
  mount(app, { gate: kit.gate, forwarder: forward({ default: target }) });
  const server = createServer(serverOptions, app);
  if (protect) kit.gate.protectServer(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const keys = new Map<string, Promise<string>>();
  left.add(shut);
  const secrets = [PROVIDER_KEY];

  async function mint(name: string): Promise<string> {
    const key = await kit.mintKey(`${name}@acme.test`);
    secrets.push(secretPartOf(key));
    return key;
  }

  async function shut(): Promise<void> {
    if (!left.delete(shut)) return;
    server.closeAllConnections();
    const stopped = new Promise((resolve) => server.close(resolve));
    await Promise.all([kit.close(), target.close?.(), upstream.close(), stopped]);
  }

  async function recorded(wanted: (record: AuditRecord) => boolean): Promise<AuditRecord> {
    const later = new Promise<AuditRecord>((resolve) => void heard.push({ wanted, resolve }));
    const already = (await kit.trail()).find(wanted);
    return already ?? later;
  }

  return {
    ...kit,
    ...{ server, upstream, log, recorded },
    port: (server.address() as AddressInfo).port,
    key(name) {
      const known = keys.get(name) ?? mint(name);
      keys.set(name, known);
      return known;
    },
    keepSecret: (text) => void secrets.push(text),
    async close() {
      server.closeAllConnections();
      await kit.gate.drain(2_000);
      const records = await kit.trail();
      await shut();
      expect(endings(records)).toEqual([]);
      expect(upstream.violations).toEqual([]);
      const written = JSON.stringify(records) + log.join("\n");
      expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
    },
  };
}

function mountForwarder(app: Express, { gate, forwarder }: Parameters<NonNullable<SiteOptions["mount"]>>[1]): void {
  app.use(gate);
  app.use("/v1", forwarder);
}

/** All but what is public of a key. */
function secretPartOf(key: string): string {
  return key.slice("llmg_".length + 10);
}

function lines(into: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      into.push(String(chunk));
      done();
    },
  });
}

const LEGAL = ["refusal", "completion", "intent completion"];

/** Calls that did not end exactly once, or whose ending has no beginning. */
function endings(records: readonly AuditRecord[]): readonly string[] {
  const calls = new Map<string, string[]>();
  for (const { requestId, kind, method } of records) {
    if (requestId === null || kind === "admin") continue;
    calls.set(requestId, [...(calls.get(requestId) ?? []), kind]);
    if (kind !== "refusal" && method === null) return [`${requestId} without a method`];
  }
  return [...calls]
    .map(([id, kinds]) => `${id}: ${kinds.join(" ")}`)
    .filter((call) => !LEGAL.some((legal) => call.endsWith(`: ${legal}`)));
}
