import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT_POLICY } from "./client-policy";
import { basesOf, type ClientSite } from "./client-site";
import { llmGate, llmGateJson, listeningUrl, startLlmGate, type RunningCommand } from "./command-line";
import { countingRelay } from "./counting-relay";
import { scriptedUpstream } from "./scripted-upstream";

export const UPSTREAM_KEY = "sk-upstream-0123456789abcdef";

/** The built server as a process of its own, set up by the command line alone, in front of a scripted provider. */
export async function openServeSite(prefix: string): Promise<ClientSite> {
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-serve-"));
  const upstream = await scriptedUpstream();
  writeFileSync(join(folder, "policy.yaml"), JSON.stringify(CLIENT_POLICY));
  writeFileSync(join(folder, "gate.yaml"), gateFile(upstream.origin, prefix));
  const store = ["--store", `sqlite:${join(folder, "gate.db")}`];
  await succeeds(["init", ...store]);
  await succeeds(["apply", join(folder, "policy.yaml"), ...store]);
  const server = startLlmGate(["serve", "--config", join(folder, "gate.yaml")], { env: { UPSTREAM_KEY } });
  const relay = await countingRelay(Number(new URL(await listeningUrl(server)).port));
  const keys = new Map<string, Promise<string>>();

  async function mint(name: string): Promise<string> {
    const args = ["key", "create", "--user", `${name}@acme.test`, "--name", "laptop", ...store];
    return (await llmGateJson<{ readonly key: string }>(args)).key;
  }

  return {
    ...basesOf(relay.port, prefix),
    ...{ upstream, requests: relay.requests },
    key(name) {
      const known = keys.get(name) ?? mint(name);
      keys.set(name, known);
      return known;
    },
    async close() {
      await relay.close();
      await stopped(server);
      await upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function gateFile(origin: string, prefix: string): string {
  return `listen: { port: 0 }
store: { sqlite: ./gate.db }
prefix: ${prefix}
upstreams:
  openai:    { baseUrl: ${origin}/v1, apiKey: "\${UPSTREAM_KEY}" }
  anthropic: { baseUrl: ${origin}, apiKey: "\${UPSTREAM_KEY}", auth: x-api-key }
`;
}

async function succeeds(args: readonly string[]): Promise<void> {
  const { code, stderr } = await llmGate(args);
  if (code !== 0) throw new Error(`${args[0] ?? ""} ended with ${code}: ${stderr}`);
}

async function stopped(server: RunningCommand): Promise<void> {
  server.kill("SIGTERM");
  expect([await server.ended, server.stderr()]).toEqual([0, server.stderr()]);
}
