import { basename, relative } from "node:path";
import type { DemoFiles } from "./demo-files";

export interface Demo {
  readonly listening: string;
  /** Shown once. */
  readonly key: string;
  readonly user: string;
  readonly curl: readonly string[];
}

/** The last line says that it runs. */
export function describeDemo({ listening, key, user, curl }: Demo, files: DemoFiles, database: string): string {
  const command = invocation();
  const store = `--store sqlite:${relative("", database)}`;
  return [
    `A gate runs before the embedded echo model. The key of ${user}, shown this once:`,
    `  ${key}`,
    "Ask it through each of the three protocols; the e-mail address is redacted on its way:",
    ...curl,
    "Go on:",
    `  ${command} audit tail ${store}`,
    `  ${command} key create --user ann@acme.test --name ask-mode ${store}`,
    `  ${command} apply ${files.policy} ${store}   (after changing it)`,
    `listening on ${listening}`,
  ].join("\n\n");
}

/** As this process was called, so that the lines can be pasted: from a checkout there is no `llm-gate` on the path. */
function invocation(): string {
  const script = process.argv[1] ?? "";
  return basename(script) === "llm-gate.js" ? `node ${relative("", script)}` : "llm-gate";
}
