import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";

const root = path.join(__dirname, "../..");
/** What ships: the built script, under the Node that runs the tests. */
const SCRIPT = path.join(root, process.env.LLM_GATE_BUILD ?? "dist", "bin/llm-gate.js");

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const children = new Set<ChildProcess>();

/** Call in `afterAll`: whatever a failed test left running goes. */
export function endAllCommands(): void {
  for (const child of children) child.kill("SIGKILL");
}

/** Runs a command to its end. */
export async function llmGate(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const child = start(args, options);
  child.stdin.end(options.input ?? "");
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)]);
  return { code, stdout, stderr };
}

/** The same with `--json`: the one document it printed. Throws where it printed anything else. */
export async function llmGateJson<T>(args: readonly string[], options: CommandOptions = {}): Promise<T> {
  const { stdout, stderr } = await llmGate([...args, "--json"], options);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`${args.join(" ")} --json printed ${JSON.stringify(stdout)} and ${JSON.stringify(stderr)}`);
  }
}

export interface RunningCommand {
  stdout(): string;
  stderr(): string;
  /** Resolves with the match once standard output has it; rejects when the command ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** As if whoever reads its standard error, or the stream that is named, had ended. */
  stopReading(stream?: "stdout" | "stderr"): void;
  readonly ended: Promise<number | null>;
}

/** Starts a command that goes on. */
export function startLlmGate(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const child = start(args, options);
  child.stdin.end();
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said.stderr += chunk));
  const ended = exitOf(child);
  return {
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    kill: (signal) => void child.kill(signal),
    stopReading: (stream = "stderr") => void child[stream].destroy(),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(said.stdout);
          if (match !== null) resolve(match);
        };
        child.stdout.on("data", look);
        look();
        void ended.then((code) => reject(new Error(`it ended with ${code}: ${said.stderr}`)));
      }),
  };
}

/** The URL that `serve` or `demo` says it listens on. */
export async function listeningUrl(running: RunningCommand): Promise<string> {
  return (await running.printed(/^listening on (http:\/\/\S+)$/m))[1] ?? "";
}

function start(
  args: readonly string[],
  { cwd = root, env = {} }: CommandOptions,
): ChildProcessByStdio<Writable, Readable, Readable> {
  const { LLM_GATE_STORE: _store, LLM_GATE_PEPPER: _pepper, ...inherited } = process.env;
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd,
    env: { ...inherited, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.stdin.on("error", () => undefined);
  return child;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", (code) => resolve(code)));
}
