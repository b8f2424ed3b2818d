const { KEY_SHAPES, SECRET_KINDS, SERVICES } = require("./secret-kinds");

const WRITTEN = [
  (secret) => `token = "${secret}"`,
  (secret) => `export TOKEN=${secret}`,
  (secret) => `Use ${secret} for now.`,
  (secret) => `{"config": "${secret}"}`,
  (secret) => `curl -H "Authorization: Bearer ${secret}" https://api.example.com`,
];

const snake = (name) => name.toLowerCase();
const NAMED = [
  (name, key) => `${snake(name)}_api_key = "${key}"`,
  (name, key) => `${name.toUpperCase()}_TOKEN=${key}`,
  (name, key) => `<${snake(name)}Token>${key}</${snake(name)}Token>`,
  (name, key) => `const ${snake(name)} = new Client('${key}');`,
  (name, key) => `{\n  "name": "${name}",\n  "secret": "${key}"\n}`,
  (name, key) => `${name} key: ${key}`,
  (name, key) => `System.setProperty("${name.toUpperCase()}_KEY", "${key}")`,
  (name, key) => `https://api.${snake(name)}.com/v1/list?apikey=${key}&page=2`,
  (name, key) => `my ${name} API key is ${key}`,
  (name, key) => `${snake(name)}: '${key}'`,
  (name, key) => `${snake(name)}_token: |\n  ${key}\n`,
  (name, key) => `${snake(name)}Token,${key},2024-05-17`,
  (name, key) => `<credential><id>{${name}}</id><secret>{${snake(name)} ${key}}</secret></credential>`,
  (name, key) => `[info] calling the ${name} API\n[debug] using key=${key}\n[info] 200 OK\n`,
  (name, key) => `${snake(name)}Secret := " ${key} "`,
  (name, key) => `${snake(name)} token - '${key}'`,
  (name, key) => `The ${name} secret ${key} was rotated last week.`,
  (name, key) => `- name: ${name.toUpperCase()}_TOKEN\n  value: "${key}"`,
  (name, key) => `curl -H 'X-${name}-Key: ${key}' https://api.example.com/v1/list`,
  (name, key) => `process.env.${name.toUpperCase()}_SECRET || "${key}"`,
];

/** What breaks a key: a character that none has, a gap, or that it was never one. */
const BROKEN = [
  (key) => `${key.slice(0, 9)}?${key.slice(10)}`,
  (key) => `${key.slice(0, 7)}$${key.slice(8)}`,
  (key) => key.slice(0, 7),
  () => "your-api-key-goes-here-1234567890",
  () => "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  () => "${SERVICE_KEY_FROM_ENV_2024}",
  () => "process.env.SERVICE_KEY_2",
  () => "getSecretKey2(config.region1)",
  () => "<your-32-char-key>",
];

/** What is random, and named, and meant to be read. */
const PUBLIC = [
  (random) => `commit ${random.run("h", 40)}\nAuthor: A. Person\n\n    Rotate the api token\n`,
  (random) => `"secret-parser": { "integrity": "sha512-${random.run("w", 86)}==" }`,
  (random) => `const rowId = lookup("${random.fill("{h:8}-{h:4}-{h:4}-{h:4}-{h:12}")}");`,
  (random) => `FROM registry.example.com/token-service@sha256:${random.run("h", 64)}`,
  (random) => `<script nonce="${random.run("w", 22)}" src="/static/auth.${random.run("h", 8)}.js"></script>`,
  (random) => `{"traceId":"${random.run("h", 32)}","spanId":"${random.run("h", 16)}","service":"token-api"}`,
  (random) => `url(data:font/woff2;base64,${random.run("w", 300)})`,
  (random) => `#define KRB5_AUTH_TOKEN_V2_FLAG 0x${random.run("h", 8)}`,
  (random) => `golang.org/x/oauth2 v0.${random.run("9", 2)}.0 h1:${random.run("w", 43)}=`,
  (random) => `next_page_token=${random.run("w", 32)}`,
];

const secret = (entity, text, value) => {
  const start = text.indexOf(value);
  return { text, labels: [{ entity, start, end: start + value.length }], about: "secret" };
};

function shapedCases(random, per) {
  return SECRET_KINDS.flatMap(([entity, shape]) =>
    Array.from({ length: per }, (_, at) => {
      const value = random.fill(shape);
      return secret(entity, WRITTEN[(at + random.below(WRITTEN.length)) % WRITTEN.length](value), value);
    }),
  );
}

function namedCases(random, per) {
  return SERVICES.flatMap((name) =>
    Array.from({ length: per }, () => {
      const key = random.fill(random.pick(KEY_SHAPES));
      const broken = random.pick(BROKEN)(key);
      const write = random.pick(NAMED);
      return [secret("API_KEY", write(name, key), key), { text: write(name, broken), labels: [], about: "secret" }];
    }).flat(),
  );
}

function genericCases(random, per) {
  const names = ["client_secret", "auth_token", "encryptionKey", "API_SECRET", "webhook_secret", "access_token"];
  return Array.from({ length: 12 * per }, () => {
    const value = random.fill(random.pick(["{w:32}", "{h:40}", "{w:24}", "{x:36}"]));
    const text = `${random.pick(names)} = "${value}"`;
    return [
      secret("GENERIC_SECRET", text, value),
      { text: `sha256 = "${random.run("h", 64)}"`, labels: [], about: "secret" },
    ];
  }).flat();
}

const publicCases = (random, per) =>
  PUBLIC.flatMap((write) =>
    Array.from({ length: 2 * per }, () => ({ text: write(random), labels: [], about: "secret" })),
  );

/** The name is too far from the key to say anything about it. */
const farCases = (random, per) =>
  SERVICES.slice(0, 10 * per).map((name) => ({
    text: `${name} has nothing to do with the row that is shown below.\n = '${random.fill(random.pick(KEY_SHAPES))}'`,
    labels: [],
    about: "secret",
  }));

/** Labelled texts with secrets, with near misses. */
exports.secretCases = (random, per) => [
  ...shapedCases(random, per),
  ...namedCases(random, Math.ceil(per / 2)),
  ...genericCases(random, per),
  ...publicCases(random, per),
  ...farCases(random, per),
];
