import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import request from "supertest";
import winston from "winston";
import { createOperatorLog } from "../../adapters/operator-log";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { readPolicyFile } from "../../adapters/policy/read-policy-file";
import { startGateway } from "../../examples/gateway/server";
import { prepareDatabase, type PreparedDatabase } from "../support/sqlite-gate";

const lines: string[] = [];
let database: PreparedDatabase;
let gateway: ReturnType<typeof startGateway>;

beforeAll(async () => {
  database = await prepareDatabase();
  const stream = new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) });
  const log = createOperatorLog({ transports: new winston.transports.Stream({ stream }) });
  gateway = startGateway({ database: database.path, port: 0, log });
  if (!gateway.server.listening) await once(gateway.server, "listening");
});
afterAll(() => database.remove());

const url = (): string => `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`;

test("the gateway answers its probes and a guarded call, with helmet's headers on both", async () => {
  const alive = await request(url()).get("/healthz");
  expect(alive.body).toEqual({ status: "ok" });
  expect(alive.headers["content-security-policy"]).toBeDefined();
  const answer = await request(url())
    .post("/v1/messages")
    .set("x-api-key", database.key)
    .send({ model: "claude-sonnet-4-5", max_tokens: 9, messages: [{ role: "user", content: "hello" }] });
  expect(answer.status).toBe(200);
  expect(answer.headers["content-security-policy"]).toBeDefined();
  expect((await request(url()).get("/readyz")).status).toBe(200);
  // The log follows the trail; no call waits for it.
  for (let tries = 0; lines.length < 2 && tries < 250; tries += 1) await sleep(20);
  expect(lines.map((line) => (JSON.parse(line) as { kind?: string }).kind)).toEqual(["intent", "completion"]);
  expect(lines.join()).not.toContain(database.key);
});

test("it finishes a running stream before it stops", async () => {
  const response = await fetch(`${url()}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${database.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "hello" }] }),
  });
  const stopped = gateway.stop();
  expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  await stopped;
  expect(gateway.server.listening).toBe(false);
});

test("its policy file is a policy", () => {
  const file = join(__dirname, "../../examples/gateway/policy.yaml");
  const read = readPolicyFile(readFileSync(file, "utf8"), file, {
    entities: ["EMAIL_ADDRESS", "CREDIT_CARD", "PRIVATE_KEY"],
    compileCustomRule,
  });
  expect(read.organization).toBe("acme");
});
