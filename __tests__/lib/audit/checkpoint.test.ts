import { generateKeyPairSync } from "node:crypto";
import {
  checkpointHash,
  checkpointText,
  isSignedBy,
  NO_PREVIOUS,
  signCheckpoint,
  type SignedCheckpoint,
} from "../../../lib/audit/checkpoint";
import { checkpointSigner, publicKeyOf, publicKeysIn } from "../../../lib/audit/checkpoint-key";
import { isBackdated } from "../../../lib/audit/backdated-chains";
import { readCheckpoint } from "../../../lib/audit/read-checkpoint";
import type { JsonValue } from "../../../lib/json";
import { checkpointKeys } from "../../support/checkpoint-key";
import { BEGINNINGS } from "../../support/form-vectors";

const keys = checkpointKeys();
const signer = checkpointSigner(keys.privateKey);
const [publicKey] = [...publicKeysIn(keys.publicKey).values()];
const place = {
  node: "gate-1",
  boot: "b-1",
  at: "2026-01-02T00:00:00.000Z",
  heads: [
    { node: "gate-1", boot: "b-1", seq: 7, hash: "ab".repeat(32) },
    { node: "cli", boot: "run-3", seq: 2, hash: "cd".repeat(32) },
  ],
};
const first = signCheckpoint({ ...place, previous: null }, signer);

function isGood(checkpoint: SignedCheckpoint): boolean {
  if (publicKey === undefined) throw new Error("no key");
  return isSignedBy(checkpoint, publicKey);
}

it("signs this text", () => {
  const lines = Buffer.from(checkpointText(first)).toString().split("\n");
  expect(lines[0]).toBe("express-llm-gate/checkpoint/1");
  expect(lines[1]).toBe(
    `{"at":"2026-01-02T00:00:00.000Z","boot":"b-1","heads":[{"boot":"run-3","hash":"${"cd".repeat(32)}","node":"cli","seq":2},` +
      `{"boot":"b-1","hash":"${"ab".repeat(32)}","node":"gate-1","seq":7}],"keyId":"${signer.keyId}","node":"gate-1","number":1,` +
      `"origin":"${first.origin}","previous":"${NO_PREVIOUS}"}`,
  );
  expect(lines).toHaveLength(2);
});

it("holds a signature to every member of the checkpoint", () => {
  expect(isGood(first)).toBe(true);
  const [head] = first.heads;
  const changes: Partial<SignedCheckpoint>[] = [
    ...(["origin", "at", "node", "boot", "previous", "keyId"] as const).map((name) => ({ [name]: "forged" })),
    { number: 2 },
    { heads: first.heads.slice(1) },
    { heads: [...first.heads].reverse() },
    ...(head === undefined ? [] : [{ heads: [{ ...head, seq: head.seq - 1 }, ...first.heads.slice(1)] }]),
    { signature: signCheckpoint({ ...place, at: "2026-01-02T00:00:01.000Z", previous: null }, signer).signature },
    { signature: "" },
  ];
  expect(changes.filter((change) => isGood({ ...first, ...change }))).toEqual([]);
  expect(changes).toHaveLength(12);
});

it("links a checkpoint to the one before and keeps the trail's name", () => {
  const second = signCheckpoint({ ...place, node: "cli", previous: first }, signer);
  expect(second).toMatchObject({ number: 2, origin: first.origin, previous: checkpointHash(first) });
  expect(signCheckpoint({ ...place, boot: "b-2", previous: null }, signer).origin).not.toBe(first.origin);
});

it("reads a checkpoint back from its JSON, and takes nothing else for one", () => {
  const parsed = JSON.parse(JSON.stringify(first)) as Record<string, JsonValue>;
  expect(readCheckpoint(parsed)).toEqual(first);
  for (const name of Object.keys(parsed)) expect(readCheckpoint({ ...parsed, [name]: true })).toBeNull();
  for (const other of [null, [], "x", 1, {}, { ...parsed, heads: [{}] }, { ...parsed, number: 1.5 }])
    expect(readCheckpoint(other)).toBeNull();
});

it("knows keys by their id, several of them, private ones as well", () => {
  const other = checkpointKeys();
  expect([...publicKeysIn(`${keys.publicKey}\n${other.privateKey}`).keys()]).toEqual([
    signer.keyId,
    publicKeyOf(other.privateKey).keyId,
  ]);
  expect(publicKeyOf(keys.privateKey)).toEqual({ keyId: signer.keyId, pem: keys.publicKey });
  expect(signer.keyId).toMatch(/^[0-9a-f]{16}$/);
});

it("refuses what is no Ed25519 key, without a word of it", () => {
  const rsa = generateKeyPairSync("rsa", {
    modulusLength: 1_024,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  for (const pem of ["", "canary", rsa.privateKey, keys.publicKey])
    expect(() => checkpointSigner(pem)).toThrow("The checkpoint key must be an Ed25519 private key in PEM.");
  for (const pem of ["", "canary", rsa.publicKey])
    expect(() => publicKeysIn(pem)).toThrow("The checkpoint key must be one or more Ed25519 public keys in PEM.");
});

it.each(BEGINNINGS)(
  "lets a chain that it lacks begin later, or hardly before it: $name",
  ({ first, checkpoint, good }) => {
    expect(isBackdated(first, checkpoint)).toBe(!good);
  },
);
