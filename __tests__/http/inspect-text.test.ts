import { clearedCall } from "../../adapters/index";
import type { Principal } from "../../lib/policy/domain";
import { chat } from "../support/dialects";
import { check } from "../support/http-check";
import { dlp, group, HOUSE } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const HELP = "help@acme.example";
const POLICY = {
  ...HOUSE,
  groups: [
    { ...(HOUSE.groups[0] ?? group("engineers")), dlp: dlp({ request: { PHONE_NUMBER: "report" } }) },
    ...HOUSE.groups.slice(1),
  ],
  dlp: dlp({
    request: {
      EMAIL_ADDRESS: "redact",
      PHONE_NUMBER: { action: "redact", context: "required" },
      US_SSN: { action: "block", minScore: 0.9 },
    },
    allow: { values: [HELP], phrases: [] },
  }),
} as const;

const TEXTS = [
  `${HELP}, eve@acme.example`,
  "call +1 650 253 0000",
  "row +1 650 253 0000",
  "it is 536-22-8765",
  "my ssn is 536-22-8765",
  "nothing",
];

describe("what protects the host's own interface", () => {
  let site: Site;
  let principal: Principal | undefined;
  beforeAll(async () => {
    site = await openSite({
      policy: POLICY,
      mount(app, { gate, forwarder }) {
        app.use(gate);
        app.use((req, _res, next) => {
          ({ principal } = clearedCall(req));
          next();
        });
        app.use("/v1", forwarder);
      },
    });
    await check(site, { dialect: chat, as: "alice", text: "hi" }, {});
  });
  afterAll(() => site.close());

  it.each(TEXTS)("and what protects the API are one thing: %j", async (text) => {
    if (principal === undefined) throw new Error("nobody called");
    const inspected = await site.gate.inspectText(principal, "request", text);
    const body = JSON.stringify(chat.ask(text));
    const ask = { dialect: chat, as: "alice", body } as const;
    const { records } =
      inspected.blockedBy === null
        ? await check(site, ask, {})
        : await check(site, ask, { refused: "dlp_blocked", reason: "dlp" });
    if (inspected.text !== null) {
      expect(site.upstream.calls.at(-1)?.body.toString()).toBe(JSON.stringify(chat.ask(inspected.text)));
    }
    const found = inspected.findings.map(({ entity }) => entity);
    expect(Object.keys(records[0]?.dlp?.request?.findings ?? {})).toEqual([...new Set(found)]);
  });
});
