import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFile } from "../store/private-file";

/** What a demo runs by: its own folder, whose files are made once and may be changed. */
export interface DemoFiles {
  readonly policy: string;
  readonly config: string;
}

/** In which folder, besides: the store, `gate.db`. */
export function makeDemoFiles(folder: string): DemoFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = { policy: join(folder, "policy.yaml"), config: join(folder, "gate.yaml") };
  makePrivateFile(files.policy, () => POLICY);
  makePrivateFile(files.config, () => CONFIG);
  return files;
}

export const DEMO_USER = "alice@acme.test";
export const DEMO_KEY = "demo";

const CONFIG = `# llm-gate serve --config gate.yaml runs the same gate.
listen: { host: 127.0.0.1, port: 8787 }
store: { sqlite: ./gate.db }
upstreams: { default: echo }      # the embedded model: it repeats what it is told
audit: { node: demo }
drainMs: 5000
log: { level: warn }
`;

const POLICY = `# Who may do what. After a change: llm-gate apply policy.yaml
organization: acme
models:
  - { id: gpt-4o-mini, provider: openai, displayName: GPT-4o mini }
  - { id: claude-sonnet-4-5, provider: anthropic, displayName: Claude Sonnet 4.5 }
  - { id: old-model, provider: openai, enabled: false }
groups:
  - { name: engineers, personalApiKeyAccess: true, models: ["gpt-*"], providers: [anthropic] }
  # Ask Mode: questions and answers on /v1/responses, no tools.
  - { name: analysts, personalApiKeyAccess: true, askModeOnly: true, models: ["*"] }
users:
  - { email: ${DEMO_USER}, groups: [engineers] }
  - { email: ann@acme.test, groups: [analysts] }
  - { email: root@acme.test, role: administrator }
# What must not leave; instead of naming it: dlp: { preset: coding-agent }, or office. llm-gate dlp entities lists all there is.
dlp:
  request: { EMAIL_ADDRESS: redact, CREDIT_CARD: redact, PRIVATE_KEY: block }
  custom:
    - { name: PROJECT_CODE, regex: "PRJ-[0-9]{6}", action: block, on: request }
`;
