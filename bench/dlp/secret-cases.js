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
];

/** What breaks a key: a character that none has, a gap, or that it was never one. */
const BROKEN = [
  (key) => `${key.slice(0, 9)}?${key.slice(10)}`,
  (key) => `${key.slice(0, 7)}$${key.slice(8)}`,
  (key) => key.slice(0, 7),
  () => "your-api-key-goes-here-1234567890",
  () => "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  () => "${SERVICE_KEY_FROM_ENV_2024}",
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

/** Labelled texts with secrets, with near misses. */
exports.secretCases = (random, per) => [
  ...shapedCases(random, per),
  ...namedCases(random, Math.ceil(per / 2)),
  ...genericCases(random, per),
];
