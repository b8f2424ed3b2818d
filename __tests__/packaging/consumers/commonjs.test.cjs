const express = require("express");
const { llmGate, clearedCall, requireGate } = require("express-llm-gate");
const { sqliteStore } = require("express-llm-gate/stores/sqlite");
const { echoUpstream } = require("express-llm-gate/upstreams/echo");
const { exercise } = require("./exercise.cjs");

test("the package works inside Jest, required", () =>
  exercise({ llmGate, clearedCall, requireGate, sqliteStore, echoUpstream, express }));
