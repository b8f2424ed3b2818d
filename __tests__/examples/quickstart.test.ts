import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import request from "supertest";
import { prepareDatabase, type PreparedDatabase } from "../support/sqlite-gate";

const root = join(__dirname, "../..");
const home = process.cwd();
let database: PreparedDatabase;
let server: Server;

beforeAll(async () => {
  database = await prepareDatabase();
  process.chdir(database.folder);
  process.env.PORT = "0";
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  ({ server } = jest.requireActual<{ server: Server }>("../../examples/quickstart"));
  if (!server.listening) await once(server, "listening");
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  process.chdir(home);
  database.remove();
});

test("the README shows exactly the code of the example", () => {
  const example = readFileSync(join(root, "examples/quickstart.ts"), "utf8").trim();
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`\`\`\`ts\n${example}\n\`\`\``);
});

test("the quickstart answers a call on each protocol, and names the caller to its own handler", async () => {
  const messages = [{ role: "user", content: "hello" }];
  const bearer = { authorization: `Bearer ${database.key}` };
  const chat = await request(server).post("/v1/chat/completions").set(bearer).send({ model: "gpt-4o-mini", messages });
  expect(chat.body.choices[0].message.content).toContain("hello");
  const responses = await request(server)
    .post("/v1/responses")
    .set(bearer)
    .send({ model: "gpt-4o-mini", input: "hello" });
  expect(responses.body.output[0].content[0].text).toContain("hello");
  const anthropic = await request(server)
    .post("/v1/messages")
    .set("x-api-key", database.key)
    .send({ model: "claude-sonnet-4-5", max_tokens: 100, messages });
  expect(anthropic.body.content[0].text).toContain("hello");
  expect(console.log).toHaveBeenCalledWith("alice@example.com", "asks", "gpt-4o-mini");
});

test("the quickstart refuses a call without a key", async () => {
  const refused = await request(server).post("/v1/messages").send({});
  expect(refused.status).toBe(401);
});
