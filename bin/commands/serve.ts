import { Command } from "commander";
import { lesson } from "../output/lesson";
import type { ServeOptions } from "../server/serve-gate";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";
import { untilStopped } from "../until-stopped";

const NOTES = `Prints \`listening on http://HOST:PORT\` when it accepts connections; port 0 picks a free one. The operator's log goes to
standard error. /healthz and /readyz are for probes. SIGTERM or SIGINT: new calls are refused, running ones finish within
drainMs (default 30000), exit code 0; a second signal ends it at once.

The file:
  listen: { host: 127.0.0.1, port: 8787 }
  store: { sqlite: ./gate.db }                 # relative to the file; made when it is not there
      or { postgres: \${DATABASE_URL} }         # several gates on one database: give each its own audit.node
  bus: { redis: \${REDIS_URL} }                 # only with PostgreSQL, where NOTIFY does not get through
  upstreams:
    openai:    { baseUrl: https://api.openai.com/v1, apiKey: \${OPENAI_API_KEY} }
    anthropic: { baseUrl: https://api.anthropic.com, apiKey: \${ANTHROPIC_API_KEY}, auth: x-api-key }
    default: echo                              # or one of those above
  audit:
    node: gate-1
    checkpoints: ./checkpoints.jsonl
    checkpointKey: ./gate.db.checkpoint.key
    retention: { days: 400 }                   # default: everything is kept
    sinks:                                     # get every record at least once; nothing waits for them
      - webhook: { url: https://siem.example/audit, secret: \${AUDIT_WEBHOOK_SECRET} }
      - nats: { servers: nats://nats.internal:4222, subject: llm-gate.audit }
      - openTelemetry: { url: http://collector:4318/v1/logs }
  limits: { bodyBytes: 52428800, answerBytes: 16777216, idleMs: 300000 }
  trustProxy: false
and, if need be: prefix realm errors forward askMode dlp drainMs log. \${NAME} reads the environment.`;

export function serveCommand(terminal: Terminal): Command {
  return new Command("serve")
    .description("run the gate as a server")
    .requiredOption("--config <file>", "the gate file, YAML")
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate serve --config gate.yaml"], NOTES))
    .action(async (options: ServeOptions) => {
      const stop = untilStopped();
      // What serving needs takes longer to load than most commands take to run.
      const { serveGate } = await import("../server/serve-gate.js");
      await serveGate(options, stop, terminal);
    });
}
