import express from "express";
import { clearedCall, forward, llmGate, requireGate } from "express-llm-gate";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { testGate } from "express-llm-gate/testing";
import { echoUpstream } from "express-llm-gate/upstreams/echo";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { exercise } from "./exercise.cjs";

await exercise({ clearedCall, requireGate, forward, sqliteStore, echoUpstream, testGate, express });

// One copy of every state: what `import` and `require` give is the same.
const required = createRequire(import.meta.url)("express-llm-gate");
assert.equal(required.llmGate, llmGate);
