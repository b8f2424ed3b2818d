import { open, type FileHandle } from "node:fs/promises";
import type { SignedCheckpoint } from "../../lib/audit/checkpoint";
import type { CheckpointExport } from "../../lib/ports/audit-log";

/** Appends each checkpoint to a file as one line of JSON, synced to disk before `write` resolves. Several processes may share the file. */
export function checkpointFile(path: string): CheckpointExport {
  return Object.freeze({
    async write(checkpoints: readonly SignedCheckpoint[]): Promise<void> {
      const file = await open(path, "a+", 0o600);
      try {
        const lines = checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join("");
        await file.appendFile((await endsInsideLine(file)) ? `\n${lines}` : lines);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  });
}

/** A line that a kill or a full disk cut short must not swallow the next. */
async function endsInsideLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
