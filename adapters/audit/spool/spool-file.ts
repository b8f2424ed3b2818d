import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigurationError } from "../../../lib/denial";
import { headLine, nodeOf, parseSpoolLine } from "./spool-lines";

/** A file of lines that are synced to disk before anybody goes on. One thing at a time is done to it. */
export interface SpoolFile {
  /** Bytes before the first append. */
  readonly start: number;
  /** Bytes that are durable. */
  size(): number;
  /** Resolves when what is rendered for the file's end is durable. */
  append(render: (offset: number) => string): Promise<void>;
  /** Whole lines from an offset on, up to `limit` bytes where one line is not longer; empty at the end. */
  read(offset: number, limit: number): Promise<Buffer>;
  /** Empties it, unless there is something behind `offset`; says whether it did. */
  clear(offset: number): Promise<boolean>;
  close(): Promise<void>;
}

const OWNER_ONLY = 0o600;
const NEW_LINE = 10;
const LONGEST_HEAD = 1_024;

/** Opens the spool of a node, or makes it. What a write left behind that was cut off in the middle is removed. */
export async function openSpoolFile(path: string, node: string): Promise<SpoolFile> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY).catch((cause: unknown) => {
    throw unusable(path, "cannot be opened", cause);
  });
  try {
    const start = await readHead(handle, path, node);
    const size = await mendedEnd(handle, await lastLineEnd(handle, start));
    await handle.truncate(size);
    await handle.sync();
    return spoolFile(handle, start, size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** An empty file becomes this node's, and so does one whose first line was cut off. */
async function readHead(handle: FileHandle, path: string, node: string): Promise<number> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(LONGEST_HEAD), 0, LONGEST_HEAD, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(NEW_LINE);
  if (end === -1 && bytesRead <= headLine(node).length) return writeHead(handle, path, node);
  const owner = nodeOf(buffer.toString("utf8", 0, Math.max(0, end)));
  if (owner === null) throw unusable(path, "is not a spool");
  if (owner !== node) throw unusable(path, `belongs to the node ${JSON.stringify(owner)}`);
  return end + 1;
}

async function writeHead(handle: FileHandle, path: string, node: string): Promise<number> {
  const head = Buffer.from(headLine(node));
  await handle.truncate(0);
  await handle.write(head, 0, head.length, 0);
  await handle.sync();
  const folder = await open(dirname(path), constants.O_RDONLY);
  await folder.sync().finally(() => folder.close());
  return head.length;
}

async function lastLineEnd(handle: FileHandle, start: number): Promise<number> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(65_536);
  for (let end = size; end > start;) {
    const from = Math.max(start, end - buffer.length);
    await handle.read(buffer, 0, end - from, from);
    const at = buffer.subarray(0, end - from).lastIndexOf(NEW_LINE);
    if (at !== -1) return from + at + 1;
    end = from;
  }
  return start;
}

/** A last line that is whole but for the byte that ends it was synced, and damaged since: it gets its end back. */
async function mendedEnd(handle: FileHandle, end: number): Promise<number> {
  const { size } = await handle.stat();
  const { buffer } = await handle.read(Buffer.alloc(size - end), 0, size - end, end);
  const line = parseSpoolLine(buffer.toString("utf8", 0, Math.max(0, buffer.length - 1)));
  if (line?.offset !== end) return end;
  await handle.write(Buffer.of(NEW_LINE), 0, 1, size - 1);
  return size;
}

function spoolFile(handle: FileHandle, start: number, found: number): SpoolFile {
  let size = found;
  /** A write failed, and may have left something behind the last good line. */
  let dirty = false;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  async function append(render: (offset: number) => string): Promise<void> {
    if (dirty) await cut(size);
    const bytes = Buffer.from(render(size), "utf8");
    dirty = true;
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, size);
    if (bytesWritten < bytes.length) throw new Error("The spool's disk is full.");
    await handle.datasync();
    dirty = false;
    size += bytes.length;
  }

  async function cut(to: number): Promise<void> {
    await handle.truncate(to);
    await handle.sync();
    dirty = false;
  }

  return Object.freeze<SpoolFile>({
    start,
    size: () => size,
    append: (render) => inTurn(() => append(render)),
    read: (offset, limit) => inTurn(() => readLines(handle, offset, size, limit)),
    clear: (offset) =>
      inTurn(async () => {
        if (size > offset) return false;
        await cut(start);
        size = start;
        return true;
      }),
    close: () => inTurn(() => handle.close()),
  });
}

async function readLines(handle: FileHandle, offset: number, size: number, limit: number): Promise<Buffer> {
  for (let wanted = limit; ; wanted *= 2) {
    const length = Math.min(wanted, size - offset);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
    const end = buffer.lastIndexOf(NEW_LINE);
    if (end !== -1 || length < wanted) return buffer.subarray(0, end + 1);
  }
}

function unusable(path: string, why: string, cause?: unknown): ConfigurationError {
  const remedy = "give audit.spool.path a file of its own, which this process may write";
  return new ConfigurationError("spool_unusable", `The audit spool ${path} ${why}: ${remedy}.`, cause);
}
