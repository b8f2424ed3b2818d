import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endAllCommands } from "../support/command-line";

export const POLICY = `organization: acme
models:
  - { id: gpt-4o-mini, provider: openai }
  - { id: claude-sonnet-4-5, provider: anthropic }
groups:
  - { name: engineers, personalApiKeyAccess: true, models: ["gpt-*"], providers: [anthropic] }
  - { name: analysts, personalApiKeyAccess: true, askModeOnly: true, models: ["*"] }
  - { name: readers, models: ["*"] }
users:
  - { email: alice@acme.test, groups: [engineers] }
  - { email: ann@acme.test, groups: [analysts] }
  - { email: rob@acme.test, groups: [readers] }
dlp:
  request: { EMAIL_ADDRESS: redact, PRIVATE_KEY: block }
  custom:
    - { name: PROJECT_CODE, regex: "PRJ-[0-9]{6}", action: block, on: request }
`;

export interface Place {
  readonly folder: string;
  /** `--store sqlite:…/gate.db` */
  readonly store: readonly string[];
  path(name: string): string;
  write(name: string, content: string): string;
}

/** A fresh folder, gone with the suite, as are the commands that it started. */
export function place(): Place {
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-bin-"));
  afterAll(() => {
    endAllCommands();
    rmSync(folder, { recursive: true, force: true });
  });
  return placeIn(folder);
}

export function placeIn(folder: string): Place {
  const path = (name: string): string => join(folder, name);
  return {
    folder,
    store: ["--store", `sqlite:${path("gate.db")}`],
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
