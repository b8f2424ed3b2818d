import { createPrivateKey, createSecretKey } from "node:crypto";
import { canonicalBytes } from "../../lib/audit/canonical";
import { capEvent } from "../../lib/audit/cap-event";
import {
  checkpointHash,
  checkpointText,
  signCheckpoint,
  type CheckpointSigner,
  type SignedCheckpoint,
} from "../../lib/audit/checkpoint";
import { checkpointSigner, publicKeyOf } from "../../lib/audit/checkpoint-key";
import { newDataKey } from "../../lib/audit/content/data-key";
import { masterKeys } from "../../lib/audit/content/master-keys";
import {
  openContent,
  sealContent,
  type ContentPlace,
  type SealedContent,
} from "../../lib/audit/content/sealed-content";
import { pruneText, signPruneNote } from "../../lib/audit/prune-note";
import { auditEvent, type AuditEvent } from "../../lib/audit/record";
import { CHAIN_START, stampRecord, type ChainEnd } from "../../lib/audit/stamp-record";
import { BEGINNINGS, formVectors } from "./form-vectors";

/** 00 01 02 … 1f: nothing that anybody signs with. */
const SEED = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const WRITER = { node: "gate-1", boot: "019b7c5e-0000-7000-8000-000000000001" };

/** What docs/audit-vectors.json holds, made by the code that it is a check of. */
export function auditVectors(): object {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, SEED]), format: "der", type: "pkcs8" });
  const pem = String(key.export({ type: "pkcs8", format: "pem" }));
  const { pem: publicKey, keyId } = publicKeyOf(pem);
  return {
    seed: SEED.toString("hex"),
    publicKey,
    keyId,
    links: links(),
    forms: formVectors(),
    checkpoints: checkpoints(checkpointSigner(pem)),
    beginnings: BEGINNINGS,
    prunes: prunes(checkpointSigner(pem)),
    contentKeys: contentKeys(),
    contents: contents(),
  };
}

/** 12 or 32 bytes that nobody would take for random ones: 40 41 42 …, from another start for each use. */
const counted = (start: number) => (size: number) =>
  Buffer.from(Array.from({ length: size }, (_, index) => start + index));

const SUBJECT = { organization: "acme", user: "zoë@acme.test" };
const PLACE: ContentPlace = { ...SUBJECT, requestId: "r-2", direction: "request" };
const DATA_KEY = { id: "404142434445464748494a4b", bytes: counted(0x60)(32) };
const ASKED = sealed(PLACE, 0x80, [
  { role: "system", text: "Answer in one word." },
  { role: "user", text: 'Is <EMAIL_ADDRESS_1> "on" 😀\n?' },
]);
const ANSWERED = sealed({ ...PLACE, direction: "response" }, 0xa0, [{ role: "assistant", text: "a".repeat(200) }]);

function sealed(place: ContentPlace, nonce: number, texts: Parameters<typeof sealContent>[2]): SealedContent {
  const key = { id: DATA_KEY.id, key: createSecretKey(DATA_KEY.bytes) };
  return sealContent(key, place, texts, { limit: 160, random: counted(nonce) });
}

const RECORDS: readonly (readonly [name: string, event: AuditEvent])[] = [
  ["a refusal", auditEvent("refusal", AT, { requestId: "r-1", reason: "missing", status: 401, decision: "deny" })],
  ["text of every kind", auditEvent("refusal", AT, { model: 'é 😀 "\\/\u2028\0\n', userAgent: "\u007f" })],
  ["half a surrogate pair", auditEvent("refusal", AT, { model: "a\ud800b" })],
  ["numbers and objects", auditEvent("admin", AT, { count: 0, change: change({ z: 1, a: [null, true, 1.5, -0] }) })],
  ["text of a prompt, sealed", auditEvent("intent", AT, { ...SUBJECT, requestId: "r-2", content: ASKED })],
  ["text of an answer, sealed", auditEvent("completion", AT, { ...SUBJECT, requestId: "r-2", content: ANSWERED })],
];

function change(after: unknown): AuditEvent["change"] {
  return { subject: "group:engineers", before: null, after };
}

function links(): readonly object[] {
  let end: ChainEnd = CHAIN_START;
  return RECORDS.map(([name, event]) => {
    const previous = hex(end.link);
    const stamped = stampRecord(end, WRITER, capEvent(event));
    end = stamped;
    const record = Buffer.from(canonicalBytes(stamped.record)).toString("utf8");
    return { name, previous, ...WRITER, seq: stamped.seq, record, hash: hex(stamped.link) };
  });
}

function checkpoints(signer: CheckpointSigner): readonly object[] {
  const at = new Date(AT).toISOString();
  const heads = [
    { node: "cli", boot: "019b7c5e-0000-7000-8000-000000000002", seq: 3, hash: "ab".repeat(32) },
    { ...WRITER, seq: 41, hash: "cd".repeat(32) },
  ];
  const first = signCheckpoint({ ...WRITER, at, heads, previous: null }, signer);
  const second = signCheckpoint({ ...WRITER, at, heads: heads.slice(1), previous: first }, signer);
  return [
    vector("the first", first, true),
    vector("the second", second, true),
    vector("with a head taken out", { ...first, heads: first.heads.slice(1) }, false),
    vector("with another number", { ...second, number: 3 }, false),
    vector("with the signature of another", { ...second, signature: first.signature }, false),
  ];
}

function vector(name: string, checkpoint: SignedCheckpoint, good: boolean): object {
  const text = Buffer.from(checkpointText(checkpoint)).toString("utf8");
  return { name, good, checkpoint, text, hash: checkpointHash(checkpoint) };
}

function prunes(signer: CheckpointSigner): readonly object[] {
  const at = new Date(AT).toISOString();
  const cuts = [{ ...WRITER, seq: 40, hash: "cd".repeat(32) }];
  const checkpoint = { number: 7, hash: "ef".repeat(32) };
  const note = signPruneNote({ origin: `trail-${"0".repeat(24)}`, at, checkpoint, cuts }, signer);
  const deeper = { ...note, cuts: cuts.map((cut) => ({ ...cut, seq: 41 })) };
  return [
    ["what was signed", note, true] as const,
    ["with another cut", deeper, false] as const,
    ["with another checkpoint", { ...note, checkpoint: { ...checkpoint, number: 8 } }, false] as const,
  ].map(([name, said, good]) => ({ name, good, note: said, text: Buffer.from(pruneText(said)).toString("utf8") }));
}

function contentKeys(): readonly object[] {
  const masterKey = counted(0x20)(32).toString("base64");
  const random = [counted(0x40), counted(0x60), counted(0xc0)];
  const key = newDataKey(
    SUBJECT,
    masterKeys(masterKey, "").current,
    AT,
    (size) => random.shift()?.(size) ?? Buffer.of(),
  );
  const { id, wrappedBy } = key;
  const wrapped = Buffer.from(key.wrapped ?? Buffer.of()).toString("base64");
  const other = { ...SUBJECT, user: "bob@acme.test" };
  return [
    ["a data key under its master key", SUBJECT, true] as const,
    ["passed off as another user's", other, false] as const,
  ].map(([name, { organization, user }, good]) => {
    const additional = JSON.stringify(["express-llm-gate/content-key/1", id, organization, user]);
    return {
      name,
      good,
      masterKey,
      wrappedBy,
      id,
      organization,
      user,
      wrapped,
      additional,
      dataKey: hex(DATA_KEY.bytes),
    };
  });
}

function contents(): readonly object[] {
  const elsewhere = { ...PLACE, requestId: "r-3" };
  const damaged = { ...ASKED, sealed: `A${ASKED.sealed.slice(1)}` };
  return [
    opened("a prompt", PLACE, ASKED, true),
    opened("the beginning of an answer", { ...PLACE, direction: "response" }, ANSWERED, true),
    opened("in another record", elsewhere, ASKED, false),
    opened("as another direction", { ...PLACE, direction: "response" }, ASKED, false),
    opened("with another byte", PLACE, damaged, false),
  ];
}

function opened(name: string, place: ContentPlace, content: SealedContent, good: boolean): object {
  const { organization, user, requestId, direction } = place;
  const said = ["express-llm-gate/content/1", content.key, organization, user, requestId, direction];
  const texts = openContent(createSecretKey(DATA_KEY.bytes), place, content);
  return { name, good, dataKey: hex(DATA_KEY.bytes), ...place, content, additional: JSON.stringify(said), texts };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
