import request from "supertest";
import { testGate, type TestGate } from "../../adapters/testing";
import { gateFirst, parserFirst } from "../../examples/existing-app";

describe.each([
  ["gate first", gateFirst],
  ["parser first, keeping the bytes", parserFirst],
])("an app that had routes and a parser of its own: %s", (_name, createApp) => {
  let kit: TestGate;
  let app: ReturnType<typeof createApp>;
  let key: string;

  beforeAll(async () => {
    kit = await testGate();
    key = await kit.mintKey();
    app = createApp(kit.gate);
  });
  afterAll(() => kit.close());

  const call = { model: "gpt-4o-mini", messages: [{ role: "user", content: "a haiku" }] };

  test("keeps its own routes, and their parsed bodies", async () => {
    expect((await request(app).get("/health")).body).toEqual({ status: "ok" });
    const order = await request(app).post("/orders").send({ item: 7 });
    expect(order.status).toBe(201);
    expect(order.body).toEqual({ received: { item: 7 } });
  });

  test("answers guarded calls from its own handler, which knows the caller", async () => {
    const answer = await request(app).post("/v1/chat/completions").set("authorization", `Bearer ${key}`).send(call);
    expect(answer.body.choices[0].message.content).toContain("alice@example.com");
  });

  test("refuses guarded calls without a key, and records both", async () => {
    expect((await request(app).post("/v1/chat/completions").send(call)).status).toBe(401);
    const kinds = (await kit.trail()).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["intent", "completion", "refusal"]));
  });
});
