import { ALNUM, BASE64, HEX, URL64, UUID, type TokenFormat } from "../token-format";

/** `MT`, `MD`, … with the third character that base64 gives to an account's number in decimal digits. */
const DISCORD = ["MD", "MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"].flatMap((two) =>
  [..."AEIMQUYcgk"].map((third) => two + third),
);

/** Services from Canva to Dynatrace. */
export const FORMATS_C_D: readonly TokenFormat[] = [
  { name: "canva", literals: ["cnvca"], rest: `${URL64}{30,60}` },
  { name: "cerebras", literals: ["csk-"], rest: "[a-z0-9]{48}" },
  { name: "cast-ai", literals: ["castai_v1_"], rest: `${ALNUM}{64}_${ALNUM}{8}` },
  { name: "chief-tools", literals: ["ctp_", "cto_", "ctr_"], rest: `${ALNUM}{30,248}`, entropy: 3.5 },
  { name: "checkout", literals: ["sk_", "sk_test_", "sk_sbox_"], rest: UUID },
  { name: "circleci", literals: ["CCIPAT_", "CCIPRJ_"], rest: `[A-Za-z0-9]{22}_${HEX}{40}` },
  { name: "clickhouse-cloud", literals: ["4b1d"], rest: `${ALNUM}{38}` },
  { name: "clickup", literals: ["pk_"], rest: "\\d{6,10}_[A-Z0-9]{32}" },
  { name: "clojars", literals: ["CLOJARS_"], rest: "[a-z0-9]{60}" },
  { name: "cloudflare-origin-ca", literals: ["v1.0-"], rest: `${HEX}{24}-${HEX}{146}` },
  { name: "cloudflare", literals: ["cfk_", "cfut_", "cfat_"], rest: `${ALNUM}{40,60}` },
  { name: "cloudinary", literals: ["cloudinary://"], rest: "\\d{10,20}:[A-Za-z0-9_-]{20,40}(?:@[A-Za-z0-9_-]{1,60})?" },
  { name: "coinbase-cdp", literals: ["organizations/"], rest: `${UUID}/apiKeys/${UUID}` },
  { name: "confluent", literals: ["cflt"], rest: `${BASE64}{60}` },
  { name: "contentful-pat", literals: ["CFPAT-"], rest: `${URL64}{43}` },
  { name: "crates-io", literals: ["cio"], rest: `${ALNUM}{32}`, entropy: 3.6 },
  { name: "cursor", literals: ["key_"], rest: `${HEX}{64}` },
  { name: "databento", literals: ["db-"], rest: `${ALNUM}{29}`, entropy: 4 },
  {
    name: "data-factory-integration-runtime",
    literals: ["IR@"],
    rest: "[0-9a-zA-Z-]{36}@[^@\\s]{1,80}@[0-9a-zA-Z=-]{0,40}@[A-Za-z0-9+/=]{44}",
  },
  { name: "databricks", literals: ["dapi", "dosed", "dose"], rest: `${HEX}{32}(?:-\\d)?` },
  { name: "datadog", literals: ["ddapp_", "ddpat_"], rest: `${ALNUM}{34,80}` },
  { name: "defined-networking", literals: ["dnkey-"], rest: "[a-z0-9=_-]{26}-[a-z0-9=_-]{52}" },
  { name: "deno-deploy", literals: ["ddp_", "ddw_", "dcs_"], rest: `${ALNUM}{36}` },
  { name: "dfuse", literals: ["web_", "server_"], rest: `${HEX}{32}` },
  { name: "digitalocean", literals: ["dop_v1_", "doo_v1_", "dor_v1_"], rest: `${HEX}{64}` },
  { name: "digitalocean-spaces", literals: ["DO00", "DO80"], rest: "[A-Z0-9]{16}", entropy: 3 },
  { name: "discord-bot", literals: DISCORD, rest: `${URL64}{20,26}\\.${URL64}{6}\\.${URL64}{27,38}` },
  {
    name: "discord-webhook",
    literals: ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
    before: "(?:https://(?:[a-z]{2,6}\\.)?)?",
    rest: `\\d{16,21}/${URL64}{60,80}`,
  },
  { name: "discord-mfa", literals: ["mfa."], rest: `${URL64}{80,95}` },
  { name: "docker-hub", literals: ["dckr_pat_", "dckr_oat_"], rest: `${URL64}{24,40}` },
  { name: "docker-swarm", literals: ["SWMTKN-1-"], rest: "[a-z0-9]{50}-[a-z0-9]{25}" },
  { name: "docker-swarm-unlock", literals: ["SWMKEY-1-"], rest: `${BASE64}{43}` },
  { name: "doppler", literals: ["dp.pt.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."], rest: `${ALNUM}{40,44}` },
  { name: "doppler-service", literals: ["dp.st."], rest: `(?:[a-z0-9_-]{2,35}\\.)?${ALNUM}{40,44}` },
  { name: "dotdigital", literals: ["@apiconnector.com"], before: "apiuser-[a-z0-9]{12}", rest: "" },
  {
    name: "dropbox-long-lived",
    literals: ["AAAAAAAAAA"],
    before: `(?<!${ALNUM})[a-z0-9]{11}`,
    rest: "[A-Za-z0-9_=-]{43}",
  },
  { name: "dropbox-short-lived", literals: ["sl."], rest: "(?:u\\.)?[A-Za-z0-9=_-]{130,1200}" },
  { name: "duffel", literals: ["duffel_test_", "duffel_live_"], rest: "[A-Za-z0-9_=-]{43}" },
  {
    name: "dynatrace",
    literals: ["dt0c01.", "dt0s01.", "dt0s02.", "dt0s03.", "dt0s04.", "dt0s06.", "dt0s08.", "dt0s16.", "dt0a01."],
    rest: "[A-Z0-9]{8,24}\\.[A-Z0-9]{64}",
  },
  { name: "dub", literals: ["dub_"], rest: `${ALNUM}{24}`, entropy: 3.6 },
];
