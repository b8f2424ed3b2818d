#!/usr/bin/env node
import { processTerminal } from "./terminal";
import { run } from "./run";

void run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
