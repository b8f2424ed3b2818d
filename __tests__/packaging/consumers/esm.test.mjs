import express from "express";
import { clearedCall, forward, requireGate } from "express-llm-gate";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { testGate } from "express-llm-gate/testing";
import { echoUpstream } from "express-llm-gate/upstreams/echo";
import { exercise } from "./exercise.cjs";

test("the package works inside Jest, imported", () =>
  exercise({ clearedCall, requireGate, forward, sqliteStore, echoUpstream, testGate, express }));
