import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { describeWith } from "../support/describe-with";

const SCRIPT = resolve(__dirname, "../..", process.env["LLM_GATE_BUILD"] ?? "dist", "bin/llm-gate.js");

describeWith("/dev/full", existsSync("/dev/full"))("a full disk", () => {
  test("says in a sentence that its output has no room, and ends as no verdict of `audit verify` does", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, "--help"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect([status, stderr]).toEqual([4, "Standard output cannot be written (ENOSPC).\n"]);
  });
});
