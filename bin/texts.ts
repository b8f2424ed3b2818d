import { userInfo } from "node:os";
import { Option, type Command } from "commander";
import type { Admin, ReadText, RecordWithText } from "../lib/admin";
import { resolveMasterKeys } from "../lib/resolve-master-keys";
import { printable } from "./output/printable";
import { locateExistingStore } from "./store/locate-store";
import { adminSettings, type ManageOptions } from "./store/manage";
import { withAdmin, withStore } from "./store/with-store";
import type { Terminal } from "./terminal";

/** How commands come to the text that records keep. */
export interface TextOptions extends ManageOptions {
  readonly content?: boolean;
  readonly contentKey?: string;
}

export const TEXT_NOTES = `With --content the text of calls comes along, where \`audit.content: redacted\` kept it; that it was read is on record.`;

export function contentKeyOption(): Option {
  const places = "else LLM_GATE_CONTENT_KEY, else DATABASE.content.key";
  return new Option("--content-key <file>", `the master key of kept text; ${places}`);
}

export function addTextOptions(command: Command): Command {
  return command
    .addOption(new Option("--content", "decrypt the text that was kept; that is put on record"))
    .addOption(contentKeyOption());
}

/** The management service with the master keys of kept text. On record stands who runs the command. */
export function withTexts<T>(options: TextOptions, terminal: Terminal, work: (admin: Admin) => Promise<T>): Promise<T> {
  return withStore(locateExistingStore(options, terminal), (store) => {
    const contentKey = resolveMasterKeys(options.contentKey, store.contentKeyFile, terminal.environment);
    return withAdmin(store, { ...adminSettings(options, terminal), contentKey, actingAs: operator() }, work);
  });
}

/** For the record: a name, where the system has one. */
export function operator(): string {
  try {
    return `operating system user ${userInfo().username}`;
  } catch {
    return "an operating system user without a name";
  }
}

/** A record with its text as one object. */
export function textDocument({ record, text }: RecordWithText): object {
  return { ...record, text };
}

/** The text below its line in a table. */
export function textLines(text: ReadText | null): readonly string[] {
  if (text === null) return [];
  if (text.status !== "readable") return [`    (the text is ${text.status})`];
  const lines = text.texts.map((part) => `    ${part.role}: ${printable(part.text)}${cutMark(part)}`);
  return text.omitted === 0 ? lines : [...lines, `    (${text.omitted} more texts found no room)`];
}

function cutMark({ length }: { readonly length?: number }): string {
  return length === undefined ? "" : ` …[cut: ${length} characters]`;
}
