import { openSink } from "../../../adapters/gate-file/open-sink";
import { readGateFile } from "../../../adapters/gate-file/read-gate-file";
import { ConfigurationError } from "../../../lib/denial";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const ENV = { SECRET, PASSWORD: "hunter2" };

const read = (audit: string) => readGateFile(`store: { sqlite: a }\naudit: ${audit}`, "/etc/gate/gate.yaml", ENV);

function problem(audit: string): string {
  try {
    read(audit);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replace("/etc/gate/gate.yaml:", "");
    throw error;
  }
  return "";
}

const WEBHOOK = 'webhook: { url: "https://siem.example/audit", secret: "${SECRET}" }';
const NATS =
  'nats: { servers: "nats://127.0.0.1:4222", user: gate, password: "${PASSWORD}", credentialsFile: nats.creds }';
const TELEMETRY =
  'openTelemetry: { url: "http://127.0.0.1:4318/v1/logs", headers: { authorization: "Bearer ${PASSWORD}" } }';

it("takes sinks of every kind, paths from the file's own folder, and days of retention", () => {
  const { audit } = read(`{ retention: { days: 400 }, sinks: [{ ${WEBHOOK} }, { ${NATS} }, { ${TELEMETRY} }] }`);
  expect(audit).toMatchObject({ retention: { days: 400 } });
  expect(audit.sinks[1]?.nats).toMatchObject({ password: "hunter2", credentialsFile: "/etc/gate/nats.creds" });
  const [webhook, , telemetry] = audit.sinks;
  expect([webhook, telemetry].map((sink) => sink && openSink(sink).name)).toEqual(["webhook", "open-telemetry"]);
});

it("has none when it names none", () => expect(read("{}").audit.sinks).toEqual([]));

it.each([
  [`{ sinks: [{}] }`, "2:18: a sink is of one kind: webhook, nats, openTelemetry"],
  [`{ sinks: [{ ${WEBHOOK}, ${TELEMETRY} }] }`, "2:18: a sink is of one kind: webhook, nats, openTelemetry"],
  [`{ sinks: [{ ${WEBHOOK} }, { ${WEBHOOK} }] }`, /another sink of the name "webhook": give each one of its own$/],
  [`{ sinks: [{ webhook: { url: "http://siem.example/", secret: "\${SECRET}" } }] }`, /write https:\/\//],
  [
    `{ sinks: [{ webhook: { url: "https://siem.example/", secret: "\${PASSWORD}" } }] }`,
    /secret that is none: write whsec_/,
  ],
  [`{ sinks: [{ webhook: { url: "https://siem.example/" } }] }`, /secret is missing/],
  [`{ sinks: [{ nats: { servers: "nats://h", subject: "a.*" } }] }`, /subject that cannot be published: a\.\*$/],
  [`{ sinks: [{ openTelemetry: { url: nonsense } }] }`, /url that is none/],
  [`{ sinks: [{ webhok: { url: "https://siem.example/" } }] }`, /unknown key "webhok"; did you mean "webhook"\?/],
  [`{ retention: { days: 0 } }`, /must be at least 1/],
])("refuses %s with a place and a sentence", (audit, sentence) => {
  expect(problem(audit)).toMatch(sentence);
  expect(problem(audit)).not.toContain("hunter2");
});

it("says at start when a file of credentials cannot be read", () => {
  const [sink] = read(`{ sinks: [{ ${NATS} }] }`).audit.sinks;
  expect(() => sink && openSink(sink)).toThrow("The NATS credentials /etc/gate/nats.creds cannot be read: ENOENT.");
});
