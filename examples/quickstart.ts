import express from "express";
import helmet from "helmet";
import { clearedCall, forward, llmGate } from "express-llm-gate";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { echoUpstream } from "express-llm-gate/upstreams/echo";

const gate = llmGate({ store: sqliteStore("gate.db") }); // three protocols, DLP and audit on, all from the store's policy

const app = express();
app.use(helmet());
app.use(gate); // at the root; guards everything below /v1
app.use("/v1", (req, _res, next) => {
  console.log(clearedCall(req).principal.user.email, "asks", clearedCall(req).model); // who is known by now
  next();
});
app.use("/v1", forward({ default: echoUpstream() })); // or your own handlers, or httpUpstream({ … })

export const server = gate.protectServer(app.listen(process.env.PORT ?? 8787)); // parser errors, upgrades, drain
