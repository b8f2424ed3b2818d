import { Command } from "commander";
import type { Applied, SilentNode } from "../../lib/admin";
import { CommandError } from "../command-error";
import { ConcludedError } from "../concluded-error";
import { keyIdOf } from "../key-id";
import { keyDocument, keyFacts } from "../output/key-document";
import { lesson } from "../output/lesson";
import { moment, shortMoment } from "../output/moment";
import { present } from "../output/present";
import { facts } from "../output/table";
import { parseSpan } from "../parse-time";
import { manage, type ManageOptions } from "../store/manage";
import { jsonOption, organizationOption, storeOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface Options extends ManageOptions {
  readonly wait?: boolean;
  readonly waitLimit?: string;
}

const NOTES = `A running server refuses the key within half a second. Revoking again changes nothing. A gate that has lost the store may
go on serving keys that it knew, for limits.staleMs (30 seconds): --wait waits for that too, and says which gates those are.`;

const EXAMPLES = [
  "llm-gate key revoke 3sNJ0aTqLw --store sqlite:gate.db",
  "llm-gate key revoke 3sNJ0aTqLw --wait --store postgres://gate@db.internal/gate",
];

export function keyRevokeCommand(terminal: Terminal): Command {
  return new Command("revoke")
    .description("revoke a key, at once and for good")
    .argument("<id>", "the key's public id")
    .option("--wait", "until it is dead at every gate, 40 seconds at most")
    .option("--wait-limit <span>", "wait, and so long at most: 5m, or 0 to look once")
    .addOption(organizationOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (id: string, options: Options) => {
      const { document, applied } = await revoke(keyIdOf(id), options, terminal);
      const left = applied === null ? null : notEverywhere(applied);
      const told = { ...(applied && { applied: appliedDocument(applied) }), ...(left !== null && { error: left }) };
      if (options.json !== true && left !== null) throw new CommandError(left.code, 1, left.message);
      present(terminal, options, { ...document, ...told }, () =>
        facts([...keyFacts(document), ...appliedFacts(applied)]),
      );
      if (left !== null) concludeWith(left.message, terminal);
    });
}

/** Programs have read it in the document. */
function concludeWith(message: string, terminal: Terminal): never {
  terminal.complain(message);
  throw new ConcludedError(1);
}

function revoke(id: string, { wait = false, waitLimit, ...options }: Options, terminal: Terminal) {
  const limitMs = waitLimit === undefined ? undefined : parseSpan("--wait-limit", waitLimit);
  return manage(options, terminal, async (admin) => ({
    document: keyDocument(await admin.revokeKey(id), await admin.now()),
    applied: wait || waitLimit !== undefined ? await admin.appliedEverywhere(limitMs) : null,
  }));
}

function appliedDocument({ silent, ...applied }: Applied) {
  return { ...applied, silent: silent.map((node) => ({ ...node, servesUntil: moment(node.servesUntil) })) };
}

function appliedFacts(applied: Applied | null): readonly (readonly [string, string])[] {
  if (applied === null) return [];
  const deadAt = ["dead at", applied.applied.join(", ") || "no gate runs"] as const;
  return applied.silent.length === 0 ? [deadAt] : [deadAt, ["silent", silence(applied.silent)]];
}

/** A gate that does not reach the store serves what it knew for a while. */
function silence(nodes: readonly SilentNode[]): string {
  return nodes
    .map(
      ({ node, servesUntil, over }) =>
        `${node}, which ${over ? "can let nobody in since" : "may let it in until"} ${clock(servesUntil)}`,
    )
    .join("; ");
}

/** Null when the key is dead everywhere. */
function notEverywhere({ waiting, silent }: Applied): { readonly code: string; readonly message: string } | null {
  const serving = silent.filter(({ over }) => !over);
  const parts = [
    ...(waiting.length === 0 ? [] : [`these gates have not said so: ${waiting.join(", ")}`]),
    ...serving.map(
      ({ node, servesUntil }) => `${node} gives no sign of life and may let it in until ${clock(servesUntil)}`,
    ),
  ];
  return parts.length === 0 ? null : { code: "not_applied", message: `The key is revoked, but ${parts.join("; ")}.` };
}

function clock(at: number): string {
  return shortMoment(moment(at) ?? "");
}
