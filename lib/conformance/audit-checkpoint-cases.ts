import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { checkpointHash, isSignedBy, NO_PREVIOUS, type SignedCheckpoint } from "../audit/checkpoint";
import type { AuditLog } from "../ports/audit-log";
import { assertSame } from "./assert-same";
import { assertChain, chainOf, event, trailCase, type TrailFactory } from "./audit-fixtures";
import type { Case } from "./case";

/** What every audit log must do about checkpoints, and about the name that it writes under. */
export function auditCheckpointCases(factory: TrailFactory): readonly Case[] {
  const trail = trailCase(factory);
  return [
    trail("signs a checkpoint of all chains as they stand right before its record", async ({ log, open }) => {
      const checkpointKey = newKey();
      await open({ node: "cli" }).append([event("admin", "a")]);
      await log.append([event("refusal", "b")]);
      const written = await open({ checkpointKey }).append([event("refusal", "c"), event("checkpoint", null)]);
      const checkpoint = checkpointOf(written[1]);
      assertSame(
        checkpoint.heads.map(({ node, seq }) => `${node} ${seq}`),
        ["cli 1", "gate-1 2"],
      );
      assert.equal(checkpoint.heads[1]?.hash, (await chainOf(log))[1]?.hash);
      assert.ok(isSignedBy(checkpoint, createPublicKey(checkpointKey)));
      assertSame(checkpoint, (await chainOf(log)).at(-1)?.record.checkpoint);
      await assertChain(log, 3);
    }),
    trail("links each checkpoint to the trail's newest, whichever node took it", async ({ open }) => {
      const checkpointKey = newKey();
      const taken: SignedCheckpoint[] = [];
      for (const node of ["gate-1", "gate-2", "gate-1", "cli"]) {
        taken.push(checkpointOf((await open({ node, checkpointKey }).append([event("checkpoint", null)]))[0]));
      }
      assertSame(
        taken.map(({ number }) => number),
        [1, 2, 3, 4],
      );
      assertSame(
        taken.map(({ previous }) => previous),
        [NO_PREVIOUS, ...taken.slice(0, -1).map(checkpointHash)],
      );
      assert.equal(new Set(taken.map(({ origin }) => origin)).size, 1);
    }),
    trail("rejects a checkpoint that it has no key to sign, and writes nothing of it", async ({ log }) => {
      await assert.rejects(log.append([event("refusal", "a"), event("checkpoint", null)]));
      await log.append([event("refusal", "b")]);
      await assertChain(log, 1);
    }),
    trail("lets one log at a time hold a node's name", async ({ log, open }) => {
      await log.claim();
      await log.claim();
      const second = open({ boot: "boot-2" });
      await assertInUse(second);
      await open({ node: "gate-2" }).claim();
      await log.close();
      await second.claim();
      await assertInUse(open({ boot: "boot-3" }));
    }),
  ];
}

function newKey(): string {
  return generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
}

function checkpointOf(record: { readonly checkpoint: SignedCheckpoint | null } | undefined): SignedCheckpoint {
  assert.ok(record?.checkpoint != null, "a checkpoint on record");
  return record.checkpoint;
}

async function assertInUse(log: AuditLog): Promise<void> {
  await assert.rejects(log.claim(), { name: "ConfigurationError", code: "audit_node_in_use" });
}
