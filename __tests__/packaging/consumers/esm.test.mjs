import express from "express";
import { clearedCall, llmGate, requireGate } from "express-llm-gate";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { echoUpstream } from "express-llm-gate/upstreams/echo";
import { exercise } from "./exercise.cjs";

test("the package works inside Jest, imported", () =>
  exercise({ llmGate, clearedCall, requireGate, sqliteStore, echoUpstream, express }));
