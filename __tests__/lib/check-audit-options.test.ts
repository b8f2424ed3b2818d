import { randomBytes } from "node:crypto";
import { llmGate } from "../../adapters/index";
import { readGateFile } from "../../adapters/gate-file/read-gate-file";
import { memoryStore } from "../../adapters/stores/memory";

const PEPPER = randomBytes(32).toString("base64");

function construct(audit: object): unknown {
  return llmGate({ store: memoryStore(), pepper: PEPPER, audit: audit });
}

describe("options of kept text and of the spool", () => {
  const before = process.env["LLM_GATE_CONTENT_KEY"];
  afterEach(() => {
    if (before === undefined) delete process.env["LLM_GATE_CONTENT_KEY"];
    else process.env["LLM_GATE_CONTENT_KEY"] = before;
  });

  it.each<[string, object, RegExp]>([
    ["the command line's name", { node: "cli" }, /"audit\.node" is "cli"; write another name, such as "gate-1"/],
    ["another word", { content: "full" }, /"audit\.content" is "full"; write one of redacted/],
    ["no master key", { content: "redacted" }, /needs a master key outside the database: set LLM_GATE_CONTENT_KEY/],
    ["a key file that is not there", { content: "redacted", contentKey: "/nowhere" }, /cannot be read from \/nowhere/],
    ["a size of nothing", { contentBytes: 0 }, /"audit\.contentBytes" is 0; write a whole number from 1 to 1048576/],
    ["a misspelt spool", { spool: { file: "x" } }, /has no option "audit\.spool\.file"/],
    ["a spool without a path", { spool: { path: "" } }, /"audit\.spool\.path" is ""; write the path of a file/],
    [
      "a bound of nothing",
      { spool: { path: "x", maxMs: 0 } },
      /"audit\.spool\.maxMs" is 0; write a positive whole number/,
    ],
  ])("are refused at once, with what to write instead: %s", (_what, audit, message) => {
    delete process.env["LLM_GATE_CONTENT_KEY"];
    expect(() => construct(audit)).toThrow(message);
  });

  it("takes the master key from the environment, and never quotes a bad one", () => {
    process.env["LLM_GATE_CONTENT_KEY"] = "too short";
    expect(() => construct({ content: "redacted" })).toThrow(/^LLM_GATE_CONTENT_KEY does not hold a master key/);
    expect(() => construct({ content: "redacted" })).not.toThrow(/too short/);
  });

  it("stand in a gate file, its paths beside it, mistakes at their place", () => {
    const audit =
      "audit: { content: redacted, contentKey: ./content.key, contentBytes: 1000, spool: { path: ./gate.spool, maxMs: 60000 } }";
    expect(readGateFile(`store: { sqlite: gate.db }\n${audit}\n`, "/etc/gate/gate.yaml", {}).audit).toMatchObject({
      ...{ content: "redacted", contentKey: "/etc/gate/content.key", contentBytes: 1000 },
      spool: { path: "/etc/gate/gate.spool", maxMs: 60_000 },
    });
    const wrong = "store: { sqlite: gate.db }\naudit: { content: all, spool: { maxBytes: -1 } }\n";
    expect(() => readGateFile(wrong, "gate.yaml", {})).toThrow(/gate\.yaml:2:\d+: [^\n]*content[^]*gate\.yaml:2:\d+: /);
  });
});
