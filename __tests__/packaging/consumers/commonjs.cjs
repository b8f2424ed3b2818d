const express = require("express");
const { clearedCall, forward, requireGate } = require("express-llm-gate");
const { sqliteStore } = require("express-llm-gate/stores/sqlite");
const { testGate } = require("express-llm-gate/testing");
const { echoUpstream } = require("express-llm-gate/upstreams/echo");
const { exercise } = require("./exercise.cjs");

exercise({ clearedCall, requireGate, forward, sqliteStore, echoUpstream, testGate, express });
