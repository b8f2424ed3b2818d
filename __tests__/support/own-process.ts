import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { delimiter, join } from "node:path";

/** A program of the machine, by name, in the search path or in one of these folders; null when it is not installed. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  const places = [...folders, ...(process.env["PATH"] ?? "").split(delimiter)];
  return places.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** A loopback port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

export interface ProgramOptions {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
}

/** Runs a program to its end. Rejects with what it said on standard error. */
export async function runProgram(path: string, args: readonly string[], options: ProgramOptions = {}): Promise<void> {
  const child = spawn(path, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${path} ended with ${code}: ${complaint}`);
}

/** A server's process and those that it started, all of them ours. */
export interface ServerProcess {
  /** Resolves when the process is gone. */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<void>;
  /** Nothing of it runs any more, and every connection stays open. */
  freeze(): void;
  thaw(): void;
}

/** Starts a program and waits until its port takes connections. */
export async function startProgram(
  path: string,
  args: readonly string[],
  port: number,
  options: ProgramOptions = {},
): Promise<ServerProcess> {
  const child = spawn(path, args, { ...options, stdio: "ignore" });
  const exited = once(child, "exit");
  await listening(child, port);
  return {
    async end(signal) {
      const family = familyOf(child);
      child.kill(signal);
      if (signal === "SIGKILL") for (const pid of family) send(pid, "SIGKILL");
      await exited;
    },
    freeze: () => {
      child.kill("SIGSTOP");
      for (const pid of familyOf(child)) send(pid, "SIGSTOP");
    },
    thaw: () => {
      for (const pid of familyOf(child)) send(pid, "SIGCONT");
      child.kill("SIGCONT");
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  while (!(await accepts(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${child.spawnfile} did not start.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** The children that a process has right now. */
function familyOf({ pid }: ChildProcess): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
