import { readGateFile } from "../../../adapters/gate-file/read-gate-file";
import { ConfigurationError } from "../../../lib/denial";

const ENVIRONMENT = { OPENAI_API_KEY: "sk-1", ANTHROPIC_API_KEY: "sk-2", PORT: "9000", EMPTY: "" };

const DOCUMENTED = `listen: { host: 127.0.0.1, port: 8787 }
store: { sqlite: ./gate.db }            # or  { postgres: \${DATABASE_URL} }
upstreams:
  openai:    { baseUrl: https://api.openai.com/v1, apiKey: \${OPENAI_API_KEY} }
  anthropic: { baseUrl: https://api.anthropic.com, apiKey: \${ANTHROPIC_API_KEY}, auth: x-api-key }   # default: bearer
  # protocols: [chat, responses, messages]   what this upstream speaks; default all
  default: echo
audit: { node: gate-1, checkpoints: ./checkpoints.jsonl, checkpointKey: ./gate.db.checkpoint.key }
limits: { bodyBytes: 52428800, answerBytes: 16777216, idleMs: 300000 }
trustProxy: false                        # as Express's \`trust proxy\`
`;

const read = (text: string, environment: Record<string, string> = ENVIRONMENT) =>
  readGateFile(text, "/etc/gate/gate.yaml", environment);

/** Place and sentence of everything that is wrong. */
function problems(text: string, environment?: Record<string, string>): readonly string[] {
  try {
    read(text, environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message.split("\n").map((line) => line.replace("/etc/gate/gate.yaml:", ""));
  }
}

describe("a gate file", () => {
  it("takes every documented key", () => {
    expect(read(DOCUMENTED)).toEqual({
      listen: { host: "127.0.0.1", port: 8787 },
      ...{ database: "/etc/gate/gate.db", bus: null },
      upstreams: {
        openai: { baseUrl: "https://api.openai.com/v1", apiKey: "sk-1" },
        anthropic: { baseUrl: "https://api.anthropic.com", apiKey: "sk-2", auth: "x-api-key" },
        default: "echo",
      },
      audit: {
        node: "gate-1",
        checkpoints: "/etc/gate/checkpoints.jsonl",
        checkpointKey: "/etc/gate/gate.db.checkpoint.key",
        sinks: [],
      },
      limits: { bodyBytes: 52_428_800, answerBytes: 16_777_216, idleMs: 300_000 },
      ...{
        trustProxy: false,
        askMode: {},
        dlp: {},
        detectors: [],
        drainMs: 30_000,
        log: { level: "info", audit: false },
      },
    });
  });

  it("needs nothing but a store", () => {
    expect(read("store: { sqlite: /data/x.db }")).toMatchObject({
      listen: { host: "127.0.0.1", port: 8787 },
      database: "/data/x.db",
      upstreams: {},
      trustProxy: false,
    });
  });

  it("takes a PostgreSQL database and a Redis bus", () => {
    const file = read("store: { postgres: ${DATABASE_URL} }\nbus: { redis: ${REDIS_URL} }", {
      ...{ DATABASE_URL: "postgres://gate:secret@db/gate", REDIS_URL: "redis://cache" },
    });
    expect(file).toMatchObject({ database: "postgres://gate:secret@db/gate", bus: "redis://cache" });
  });
});

describe("a detector", () => {
  const presidio = (written: string) => `store: { sqlite: a }\ndlp: { detectors: [{ presidio: { ${written} } }] }`;

  it("is taken as its adapter takes it", () => {
    const written = `url: "http://h:5002", entities: [PERSON], scoreThreshold: 0.6, headers: { authorization: "Bearer \${OPENAI_API_KEY}" }`;
    expect(read(presidio(written))).toMatchObject({
      dlp: {},
      detectors: [
        {
          presidio: {
            ...{ url: "http://h:5002", entities: ["PERSON"], scoreThreshold: 0.6 },
            headers: { authorization: "Bearer sk-1" },
          },
        },
      ],
    });
  });

  it.each([
    ["language: en", "2:32: url is missing"],
    ["url: h", '2:32: presidio needs "url" as an absolute http or https URL, for example "http://127.0.0.1:5002"'],
    [
      'url: "http://u:p@h"',
      '2:32: presidio has a "url" with credentials in it; put them in "headers" and keep the URL bare',
    ],
    ['url: "http://h", entitis: [PERSON]', '2:51: unknown key "entitis"; did you mean "entities"?'],
    [
      'url: "http://h", entities: [a b]',
      '2:32: presidio needs "entities" as names such as "PERSON", or as those with what policies call them; "a b" is none',
    ],
    ['url: "http://h", scoreThreshold: 2', '2:32: presidio needs "scoreThreshold" as a number from 0 to 1'],
    ['url: "http://h", timeoutMs: 0', '2:32: presidio needs "timeoutMs" as a whole number between 1 and 2147483647'],
  ])("is refused with a sentence: %s", (written, sentence) => expect(problems(presidio(written))).toEqual([sentence]));

  it("is one of a kind", () => {
    const two =
      'store: { sqlite: a }\ndlp: { detectors: [{ presidio: { url: "http://a" } }, { presidio: { url: "http://b" } }] }';
    expect(problems(two)).toEqual(["2:55: there is another presidio detector: one analyzer is asked, not two"]);
  });
});

describe("a reference to the environment", () => {
  const withKey = (key: string) =>
    read("store: { sqlite: a }\nupstreams: { a: { baseUrl: https://a.example, apiKey: ${KEY} } }", { KEY: key });

  it.each(["plain", "a:b", "{x}", "#no-comment", "&anchor", "'quoted'", "12345", "true"])(
    "is text, whatever YAML would make of %j",
    (key) => expect(withKey(key).upstreams).toMatchObject({ a: { apiKey: key } }),
  );

  it.each([
    ["1", 1],
    ["true", true],
    ["false", false],
    ["10.0.0.0/8, loopback", "10.0.0.0/8, loopback"],
  ])("may say %j for trustProxy: %j", (HOPS, trustProxy) => {
    expect(read("store: { sqlite: a }\ntrustProxy: ${HOPS}", { HOPS })).toMatchObject({ trustProxy });
  });

  it("may be a part of a text, quoted or not, and a number where one is wanted", () => {
    const file = read('listen: { port: ${PORT}, host: "${HOST}" }\nstore: { sqlite: "data/${NAME}.db" }', {
      ...{ PORT: "0", HOST: "::1", NAME: "one" },
    });
    expect(file).toMatchObject({ listen: { port: 0, host: "::1" }, database: "/etc/gate/data/one.db" });
  });

  it("is named with its place when there is no such variable, and means nothing in a comment", () => {
    const text = "# ${NOBODY}\nstore: { sqlite: ${ABSENT} }\nrealm: ${EMPTY}";
    expect(problems(text)).toEqual([
      "2:18: the environment variable ABSENT is not set",
      "3:8: the environment variable EMPTY is empty",
    ]);
  });

  it("is never followed by its value in a message", () => {
    const found = problems("store: { sqlite: a }\nupstreams: { a: { baseUrl: ${SECRET}, apiKey: ${SECRET} } }", {
      SECRET: "s3cret value",
    });
    expect(found).toHaveLength(1);
    expect(found.join()).not.toContain("s3cret");
  });
});

const REFUSED: readonly (readonly [what: string, text: string, ...expected: string[]])[] = [
  ["nothing", "", "1:1: the configuration must be a mapping"],
  ["no store", "listen: { port: 1 }", "1:1: store is missing"],
  ["a store of nothing", "store: {}", "1:8: store must name a database: { sqlite: PATH } or { postgres: URL }"],
  ["two stores", 'store: { postgres: "postgres://h/d", sqlite: a }', "1:38: store must name one database, not two"],
  [
    "a PostgreSQL database that is no URL",
    "store: { postgres: h/d }",
    '1:20: A PostgreSQL database is written as a URL, such as "postgres://gate@db.internal:5432/gate"; a password stands after the user and a colon, with characters such as @ or / percent-encoded',
  ],
  [
    "a bus that is no Redis URL",
    'store: { sqlite: a }\nbus: { redis: "http://h" }',
    '2:15: A Redis bus is written as a URL, such as "redis://:password@host:6379"; characters such as @ or / in the password are percent-encoded',
  ],
  [
    "checkpoints of a PostgreSQL store without a key",
    'store: { postgres: "postgres://h/d" }\naudit: { checkpoints: ./c.jsonl }',
    "2:10: with PostgreSQL, audit.checkpointKey must name the file of the key",
  ],
  [
    "a misspelt key",
    "store: { sqlit: a }",
    '1:10: unknown key "sqlit"; did you mean "sqlite"?',
    "1:8: store must name a database: { sqlite: PATH } or { postgres: URL }",
  ],
  ["a port out of range", "store: { sqlite: a }\nlisten: { port: 65536 }", "2:17: port: must be at most 65535"],
  ["a port that is none", "store: { sqlite: a }\nlisten: { port: http }", "2:17: port must be a number"],
  [
    "an upstream without a key",
    "store: { sqlite: a }\nupstreams: { a: { baseUrl: https://a.example } }",
    "2:17: apiKey is missing",
  ],
  [
    "an address that is none",
    "store: { sqlite: a }\nupstreams: { a: { baseUrl: a.example, apiKey: k } }",
    '2:17: the upstream "a" needs "baseUrl" as an absolute URL, for example "https://api.openai.com/v1"',
  ],
  [
    "an unknown protocol",
    "store: { sqlite: a }\nupstreams: { a: { baseUrl: https://a.example, apiKey: k, protocols: [message] } }",
    '2:70: protocols must be one of chat, responses, messages; did you mean "messages"?',
  ],
  [
    "a default that is not there",
    "store: { sqlite: a }\nupstreams: { default: openai }",
    '2:23: there is no upstream "openai"; known here: echo',
  ],
  [
    "a default that is an upstream itself",
    "store: { sqlite: a }\nupstreams: { default: { baseUrl: https://a.example, apiKey: k } }",
    "2:23: default: must be the name of one of the upstreams beside it, or echo",
  ],
  [
    "a trustProxy that is none",
    "store: { sqlite: a }\ntrustProxy: { a: 1 }",
    "2:13: trustProxy: must be true, false, a number of hops, or addresses, as Express's `trust proxy`",
  ],
  [
    "a prefix that is no path",
    "store: { sqlite: a }\nprefix: v1",
    '2:9: prefix: "v1" is not a path. Write one or more plain segments without a trailing slash, like "/v1" or "/llm/v1"',
  ],
  [
    "a realm that fits in no header",
    "store: { sqlite: a }\nrealm: é",
    '2:8: realm is "é"; it must be printable ASCII without quotes or backslashes, such as "llm-gate"',
  ],
  [
    "two documents",
    "store: { sqlite: a }\n---\nstore: { sqlite: b }",
    "2:1: the configuration is one YAML document, not several",
  ],
];

describe("a gate file is refused, with line and column, for", () => {
  it.each(REFUSED)("%s", (_, text, ...expected) => {
    expect([...problems(text)].sort()).toEqual([...expected].sort());
  });
});
