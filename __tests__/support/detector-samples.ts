import { IDENTIFIER_SAMPLES } from "./identifier-samples";

export interface EntitySample {
  readonly entity: string;
  readonly before: string;
  readonly value: string;
}

const HEX = "3f9a1c7e5b2d8046af13c95e7d20b684";
const MIXED = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zC2bD4";

/** One text per entity, found by the detector that the key names. Every secret is made up. */
export const SAMPLES: Readonly<Record<string, readonly EntitySample[]>> = {
  "api-token": [
    { entity: "API_KEY", before: "token ", value: `ghp_${MIXED}` },
    {
      entity: "JWT",
      before: "auth ",
      value:
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3NzEyMzQ1NiJ9.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    },
    { entity: "PRIVATE_KEY", before: "RSA_KEY=", value: `MIIEpAIBAAKCAQEA${MIXED.repeat(6)}` },
  ],
  "credential-url": [
    { entity: "URL_CREDENTIALS", before: "clone ", value: "https://deploy:s3cr3tPl4n@git.example.com/a.git" },
    { entity: "CONNECTION_STRING", before: "db ", value: "postgres://app:s3cr3tPl4n@db.example.com:5432/app" },
  ],
  "connection-pairs": [
    {
      entity: "CONNECTION_STRING",
      before: 'conn = "',
      value: "Server=tcp:db.example.net,1433;User ID=app;Password=s3cr3tPl4n;Encrypt=True;",
    },
  ],
  "assigned-secret": [
    { entity: "API_KEY", before: "abuseipdb_key = ", value: HEX },
    { entity: "GENERIC_SECRET", before: "client_secret: ", value: MIXED },
    { entity: "API_KEY", before: "You can find the abuseipdb secret ", value: HEX },
    { entity: "API_KEY", before: "sent to the hive API, using key=", value: MIXED },
    { entity: "API_KEY", before: "<secret>{box ", value: MIXED },
    { entity: "API_KEY", before: "abuseipdb_token: |\n  ", value: HEX },
    { entity: "API_KEY", before: "datadogToken,", value: HEX },
    { entity: "GENERIC_SECRET", before: "- name: API_KEY\n  value: ", value: MIXED },
    { entity: "GENERIC_SECRET", before: "client_secret = ", value: "x7fk2q9ad=h4w0zr8b5t3-7qm2c" },
    { entity: "GENERIC_SECRET", before: "apiVersion: v1\nkind: Secret\ndata:\n  extra: ", value: "UyFCXCpkJHpEc2I5" },
  ],
  "curl-password": [{ entity: "GENERIC_SECRET", before: "curl -s -u elastic:", value: "Tr0ub4dor&3" }],
  password: [
    { entity: "GENERIC_SECRET", before: "password: ", value: "Tr0ub4dor&3" },
    { entity: "GENERIC_SECRET", before: "MYSQL_PASSWORD=", value: "hunter2hunteR" },
  ],
  "iban-code": [{ entity: "IBAN_CODE", before: "to ", value: "DE89 3704 0044 0532 0130 00" }],
  identifier: Object.entries(IDENTIFIER_SAMPLES).map(([entity, [label, value]]) => ({
    entity,
    before: `${label} `,
    value,
  })),
  "spaced-ssn": [{ entity: "US_SSN", before: "ssn ", value: "536 - 22 - 8726" }],
  "phone-number": [{ entity: "PHONE_NUMBER", before: "call ", value: "+1 415-555-0132" }],
  "crypto-wallet": [{ entity: "CRYPTO_WALLET", before: "to ", value: "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2" }],
  "ip-address": [{ entity: "IP_ADDRESS", before: "from ", value: "203.0.113.77" }],
  "mac-address": [{ entity: "MAC_ADDRESS", before: "nic ", value: "00:1A:2B:3C:4D:5E" }],
  "date-of-birth": [{ entity: "DATE_OF_BIRTH", before: "born on ", value: "12 March 1985" }],
  url: [{ entity: "URL", before: "see ", value: "https://www.example.com/a?b=1" }],
};

/** Per detector: texts that look alike and are none. */
export const NEAR_MISSES: Readonly<Record<string, readonly string[]>> = {
  "api-token": [
    "ghp_short",
    `xghp_${MIXED}`,
    `ghp_${"x".repeat(36)}`,
    "AKIAIOSFODNN7EXAMPLE",
    "the path-to-file and sk-lines",
    "eyJust a word.eyJ and another",
  ],
  "credential-url": [
    "https://example.com:8080/@user",
    "https://user:${PASSWORD}@example.com",
    "mailto:alice@example.com",
    "http://<user>:<password>@host",
  ],
  "connection-pairs": [
    "AccountName=mylog;AccountKey=storageaccountkeybase64encoded;EndpointSuffix=core.example.net",
    'Password=<your password>;Server=x"',
    "password=s3cr3t",
    "a=b;c=d;e=f",
  ],
  "assigned-secret": [
    `integrity: ${HEX}`,
    `commit ${HEX}`,
    "api_key = process.env.API_KEY_2024_PRODUCTION",
    "token = getAccessTokenFromHeader2",
    `abuseipdb_key = '${HEX.slice(0, 9)}?${HEX.slice(10)}'`,
    `abuseipdb: ${"0".repeat(32)}`,
    "datadog: see section 12.3.4-5 of the manual",
    "stripe_key = your-key-goes-here-1234567890ab",
    "https://github.com/acme/repo/commit/3f9a1c7e5b2d8046af13c95e7d20b684af13c95e",
    `the box is far away from what is here, and so is its name\n = '${HEX}'`,
    '<img src="1password-icon.svg" alt="1Password">',
    'import { BetaTokenTaskBudget, BetaToolBash20241022 } from "./beta";',
    "token = tokens2.type7",
    'case "VAULT_WORKSPACE_IDENTITY": break;',
    "kind: SecretStore\ndata:\n  extra: UyFCXCpkJHpEc2I5",
  ],
  "curl-password": [
    "curl -u username:token https://a.example",
    'curl --user "$USER:$PASSWORD" https://a.example',
    "curl -u ${user}:${pass} https://a.example",
    "curl --user neo4j:[PASSWORD] https://a.example",
    "curl -u <user:password> https://a.example",
    "curl https://a.example\nnc -u -l 41234:Tr0ub4dor",
  ],
  password: [
    "password: string;",
    "password = req.body.password",
    "password: ********",
    'password: "${DB_PASS}"',
    "forgot your password? Call us",
  ],
  "iban-code": ["DE89 3704 0044 0532 0130 01", "DE89370400440532013000X", "ZZ89 3704 0044 0532 0130 00"],
  identifier: [
    "order 078051123",
    "078-05-11234",
    "uuid a1b2c3d4-1234-5678-9012-123456789012",
    "2024-01-15 10:30:00",
    "version 10.2.333.4444",
    "commit 3f9a1c7e5b2d8046af13c95e7d20b684",
    "100 101 102 103 104 105 106",
    "$123,456,789.00",
    "it is in at on of an 12 34 56",
  ],
  "spaced-ssn": ["536 - 22 - 8726 - 11", "at 536  22  8726 units", "666 - 22 - 8726", "img_536_22_8726"],
  "phone-number": [
    "2024-01-15",
    "192.168.100.200",
    "1,234,567,890",
    "id 12345678901234567890",
    "chapter 01.02.2024",
    "3.14159265358979",
  ],
  "crypto-wallet": ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "0x1234", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdd"],
  "ip-address": ["1.2.3", "256.1.1.1", "1.2.3.4.5", "std::vector<a::b>", "10:30:15", "::"],
  "mac-address": ["00:1A:2B:3C:4D", "00:00:00:00:00:00", "00:1A:2B:3C:4D:5E:6F", "10:30:15"],
  "date-of-birth": ["released on 12 March 1985", "born in Berlin", "2024-01-15"],
  url: ["node.js and file.py", "e.g. this", "alice@example.com", "http:// alone", "a.b.c()"],
};
