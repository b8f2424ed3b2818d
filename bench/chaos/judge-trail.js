const { createPublicKey } = require("node:crypto");
const { existsSync } = require("node:fs");
const { Client } = require("pg");
const { built } = require("../support/build");

const { postgresTrailSource } = built("adapters/audit/postgres/trail-source.js");
const { readCheckpointFile } = built("adapters/audit/read-checkpoint-file.js");
const { publicKeysIn } = built("lib/audit/checkpoint-key.js");
const { verifyTrail } = built("lib/audit/verify-trail.js");

const RECORDS = `select node, kind, request_id as "requestId", outcome,
  convert_from(record, 'UTF8')::json ->> 'clientRequestId' as mark from audit`;
const ENDINGS = ["completion", "interrupted"];

/**
 * Holds the trail to what callers and the provider saw, after all gates have ended in order: every answer is on record,
 * every call that the provider saw has an intent, every intent one end, and every chain verifies.
 */
exports.judgeTrail = async function judgeTrail({ postgres, provider, gates, signing, copies }, calls) {
  const records = await recordsIn(postgres.url);
  const found = indexOf(records);
  const verdicts = await verifyAll({ url: postgres.url, signing, files: gates.map(({ index }) => copies(index)) });
  const [{ records: verified, timeAnomalies, checkpoints }] = verdicts;
  return {
    counts: {
      ...{ records: verified, seen: provider.seen.length, interrupted: found.interrupted },
      ...{ checkpoints: checkpoints.onRecord, timeAnomalies: timeAnomalies.count },
    },
    violations: [
      ...calls.flatMap((call) => offRecord(call, found)),
      ...provider.seen
        .filter((mark) => !found.begun.has(mark))
        .map((mark) => `${mark}: seen by the provider without an intent`),
      ...[...found.ends]
        .filter(([, ends]) => ends.length > 1)
        .map(([id, ends]) => `${id}: ended as ${ends.join(" and ")}`),
      ...[...found.intents].filter((id) => !found.ends.has(id)).map((id) => `${id}: began and has no end`),
      ...verdicts
        .filter(({ status }) => status !== "clean")
        .map(({ status, firstBad }) => `the trail is ${status}: ${JSON.stringify(firstBad)}`),
    ],
  };
};

async function recordsIn(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(RECORDS);
  await client.end();
  return rows;
}

function indexOf(records) {
  const of = (...kinds) => records.filter(({ kind }) => kinds.includes(kind));
  const ends = new Map();
  for (const { requestId, kind, outcome } of of(...ENDINGS)) {
    ends.set(requestId, [...(ends.get(requestId) ?? []), kind === "interrupted" ? kind : (outcome ?? kind)]);
  }
  return {
    intents: new Set(of("intent").map(({ requestId }) => requestId)),
    begun: new Set(of("intent").map(({ mark }) => mark)),
    refusals: new Set(of("refusal").map(({ requestId }) => requestId)),
    interrupted: of("interrupted").length,
    ends,
  };
}

/** A head that came is an answer; a stream's comes after the intent and before the end, any other after the end. */
function offRecord({ mark, status, stream, requestId, unrecorded }, { intents, ends, refusals }) {
  if (status === null || unrecorded) return [];
  const [end] = ends.get(requestId) ?? [];
  if (status !== 200)
    return refusals.has(requestId) || (end !== undefined && end !== "ok") ? [] : [`${mark}: ${status} off the record`];
  const isOnRecord = stream ? intents.has(requestId) : end === "ok";
  return isOnRecord ? [] : [`${mark}: answered, and on record as ${end ?? "nothing"}`];
}

/** With the copies of each gate in turn. */
async function verifyAll({ url, signing, files }) {
  const keys = publicKeysIn(createPublicKey(signing).export({ type: "spki", format: "pem" }));
  const verdicts = [];
  for (const file of files) {
    const source = postgresTrailSource(url);
    verdicts.push(await verifyTrail(source, { keys, ...(existsSync(file) && { copies: readCheckpointFile(file) }) }));
    await source.close();
  }
  return verdicts;
}
