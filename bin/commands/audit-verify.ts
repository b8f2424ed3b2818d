import { Command, Option } from "commander";
import { accessSync, constants, statSync } from "node:fs";
import { postgresTrailSource } from "../../adapters/audit/postgres/trail-source";
import { sqliteTrailSource } from "../../adapters/audit/sqlite/trail-source";
import { readCheckpointFile } from "../../adapters/audit/read-checkpoint-file";
import { verifyTrail, type CheckpointLine, type VerifyTrailOptions } from "../../lib/audit/verify-trail";
import type { TrailVerdict } from "../../lib/audit/trail-verdict";
import { CommandError, usageError } from "../command-error";
import { ConcludedError } from "../concluded-error";
import { describeError } from "../output/describe-error";
import { describeVerdict } from "../output/describe-verdict";
import { lesson } from "../output/lesson";
import { present, printJson } from "../output/present";
import { progressLine } from "../output/progress-line";
import { isFresh, locateStore } from "../store/locate-store";
import { explainFailure, isPostgres } from "../store/store-at";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import type { Terminal } from "../terminal";
import { verifyKeys } from "../verify-keys";

interface Options extends StoreOptions {
  readonly checkpoints?: readonly string[];
  readonly publicKey?: string;
}

/** Exit codes of this command; it has more than the others. */
const CODES = Object.freeze({ clean: 0, tampered: 1, incomplete: 3 });
const USAGE = 2;
const UNREADABLE = 4;

const NOTES = `Reads the whole trail: every link, column and checkpoint, gaps, and calls that began and did not end. A server may be
writing meanwhile; the calls of a node that runs are not missing their end.
A chain that somebody cut at its end or made anew shows against the copies of checkpoints that were kept elsewhere:
  --checkpoints FILE   the file of gate.yaml's audit.checkpoints
  --public-key FILE    what \`llm-gate audit public-key\` printed, kept elsewhere too`;

const EXIT_CODES = `Exit codes:
  0  clean
  1  tampered with
  2  called wrongly: nothing was verified
  3  incomplete: calls without an end, or a prune that did not come to its end
  4  the trail cannot be read`;

export function auditVerifyCommand(terminal: Terminal): Command {
  return new Command("verify")
    .description("prove that the audit trail is whole and unchanged")
    .addOption(checkpointsOption())
    .addOption(new Option("--public-key <file>", "PEM; else the public half of <database>.checkpoint.key"))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES, EXIT_CODES))
    .action(async (options: Options) => {
      const verdict = await verdictOf(options, terminal);
      present(terminal, options, verdict, () => describeVerdict(verdict));
      const code = CODES[verdict.status];
      if (code !== 0) throw new ConcludedError(code);
    });
}

const EXAMPLES = [
  "llm-gate audit verify --store sqlite:gate.db",
  "llm-gate audit verify --checkpoints checkpoints.jsonl --public-key checkpoint.pub --json --store sqlite:gate.db",
];

async function verdictOf(options: Options, terminal: Terminal): Promise<TrailVerdict> {
  const { database, verifying } = calledWith(options, terminal);
  try {
    if (isFresh(database)) throw new CommandError("no_store", 1, `There is no database at ${database}.`);
    const source = isPostgres(database) ? postgresTrailSource(database) : sqliteTrailSource(database);
    try {
      return await verifyTrail(source, verifying);
    } finally {
      await source.close();
    }
  } catch (error) {
    throw unverified(UNREADABLE, explainFailure(database, error), options, terminal);
  }
}

interface Called {
  readonly database: string;
  readonly verifying: VerifyTrailOptions;
}

function calledWith(options: Options, terminal: Terminal): Called {
  try {
    const database = locateStore(options, terminal);
    return { database, verifying: verifyOptions(options, database, terminal) };
  } catch (error) {
    throw unverified(USAGE, error, options, terminal);
  }
}

/** Says why; what it gives ends the command. */
function unverified(exitCode: number, error: unknown, options: Options, terminal: Terminal): ConcludedError {
  const { code, message } = describeError(error);
  const document = { status: "unreadable", records: 0, firstBad: null, error: { code, message } };
  terminal.complain(message);
  if (options.json === true) printJson(terminal, document);
  return new ConcludedError(exitCode);
}

function verifyOptions(options: Options, database: string, terminal: Terminal): VerifyTrailOptions {
  const keys = verifyKeys(options.publicKey, database);
  const onProgress = progressLine(terminal);
  const { checkpoints } = options;
  if (checkpoints === undefined) return { keys, onProgress };
  const lost = checkpoints.find((file) => !isReadable(file));
  if (lost !== undefined) throw usageError(`--checkpoints ${lost} is no file that can be read.`);
  return { keys, onProgress, copies: readInTurn(checkpoints) };
}

function checkpointsOption(): Option {
  const gather = (file: string, before: readonly string[] = []): readonly string[] => [...before, file];
  return new Option("--checkpoints <file>", "copies of checkpoints, one a line; may be repeated").argParser(gather);
}

/** A file that was rotated is several. */
async function* readInTurn(files: readonly string[]): AsyncGenerator<CheckpointLine> {
  for (const file of files) yield* readCheckpointFile(file);
}

/** A pipe will do. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}
