const express = require("express");
const { llmGate, clearedCall, requireGate } = require("express-llm-gate");
const { sqliteStore } = require("express-llm-gate/stores/sqlite");
const { echoUpstream } = require("express-llm-gate/upstreams/echo");
const { exercise } = require("./exercise.cjs");

exercise({ llmGate, clearedCall, requireGate, sqliteStore, echoUpstream, express });
