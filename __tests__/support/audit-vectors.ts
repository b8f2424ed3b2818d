import { createPrivateKey } from "node:crypto";
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
import { pruneText, signPruneNote } from "../../lib/audit/prune-note";
import { auditEvent, type AuditEvent } from "../../lib/audit/record";
import { CHAIN_START, stampRecord, type ChainEnd } from "../../lib/audit/stamp-record";

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
    checkpoints: checkpoints(checkpointSigner(pem)),
    prunes: prunes(checkpointSigner(pem)),
  };
}

const RECORDS: readonly (readonly [name: string, event: AuditEvent])[] = [
  ["a refusal", auditEvent("refusal", AT, { requestId: "r-1", reason: "missing", status: 401, decision: "deny" })],
  ["text of every kind", auditEvent("refusal", AT, { model: 'é 😀 "\\/\u2028\0\n', userAgent: "\u007f" })],
  ["half a surrogate pair", auditEvent("refusal", AT, { model: "a\ud800b" })],
  ["numbers and objects", auditEvent("admin", AT, { count: 0, change: change({ z: 1, a: [null, true, 1.5, -0] }) })],
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

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
