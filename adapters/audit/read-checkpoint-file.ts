import { createReadStream } from "node:fs";
import type { SignedCheckpoint } from "../../lib/audit/checkpoint";
import { readCheckpoint } from "../../lib/audit/read-checkpoint";
import type { CheckpointLine } from "../../lib/audit/verify-trail";
import type { JsonValue } from "../../lib/json";

/**
 * Reads a file of checkpoints line by line. A line that a kill or a full disk cut short is passed over: it begins like
 * a checkpoint and has no end. Throws as `fs` does when the file cannot be read.
 */
export async function* readCheckpointFile(path: string): AsyncGenerator<CheckpointLine> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    const checkpoint = checkpointIn(line);
    if (checkpoint !== null) yield checkpoint;
    else if (!isCutShort(line)) yield { unreadableLine: number };
  }
}

function checkpointIn(line: string): SignedCheckpoint | null {
  try {
    return readCheckpoint(JSON.parse(line) as JsonValue);
  } catch {
    return null;
  }
}

const BEGINNING = '{"origin":"trail-';

function isCutShort(line: string): boolean {
  const said = line.trimEnd();
  return said === "" || (said.startsWith(BEGINNING.slice(0, said.length)) && !said.endsWith("}"));
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
