const { randomBytes } = require("node:crypto");
const { mintKey } = require("../dist/lib/keys/mint-key");
const { createPeppers, digestKey } = require("../dist/lib/keys/pepper");

exports.PEPPER = "a pepper for benchmarks, never used elsewhere";

const DLP = {
  request: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact", PRIVATE_KEY: "block" },
  response: { CREDIT_CARD: "redact" },
  custom: [],
};
const MODEL = { provider: "openai", enabled: true, upstreamModel: null, dlp: null };
const GROUP = { askModeOnly: false, providers: [], denyModels: [], denyProviders: [], dlp: null };

/** One organisation with a DLP policy, one group, one user; answers its key. */
exports.seed = async function seed(store) {
  const { id, key } = mintKey(randomBytes);
  const digest = digestKey(createPeppers({ current: 1, versions: { 1: exports.PEPPER } }), 1, key);
  await store.admin.transaction(async (tx) => {
    const organization = await tx.putOrganization("bench", DLP);
    await tx.putModel(organization.id, { ...MODEL, id: "gpt-4o-mini", displayName: "GPT-4o mini" });
    await tx.putGroup(organization.id, { ...GROUP, name: "all", personalApiKeyAccess: true, models: ["gpt-*"] });
    const member = { email: "bench@acme.test", role: "user", status: "active", groups: ["all"] };
    const user = await tx.putUser(organization.id, member);
    const stored = {
      id,
      name: "bench",
      userId: user.id,
      digest,
      pepperVersion: 1,
      createdAt: Date.now(),
      expiresAt: null,
    };
    await tx.insertKey(organization.id, stored);
  });
  return key;
};
