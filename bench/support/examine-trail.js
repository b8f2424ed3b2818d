const { readFileSync } = require("node:fs");
const { built } = require("./build");
const { trailOf } = require("./trail-of");

const { readCheckpointFile } = built("adapters/audit/read-checkpoint-file.js");
const { verifyTrail } = built("lib/audit/verify-trail.js");
const { publicKeysIn } = built("lib/audit/checkpoint-key.js");

/**
 * Holds a trail to what was seen of its calls: `seen` are the marks that reached the provider, `acknowledged` what callers
 * got: `{ requestId, status, stream }`. An answered call is `missing` when its completion is not on record; of a stream,
 * whose head comes first, when its intent is not.
 */
exports.examineTrail = async function examineTrail(site, seen, acknowledged) {
  const trail = trailOf(site);
  const integrity = await trail.integrity();
  const records = await trail.records();
  const of = (...kinds) => records.filter(({ kind }) => kinds.includes(kind));
  const intents = new Set(of("intent").map(({ requestId }) => requestId));
  const marks = new Set(of("intent").map(({ clientRequestId }) => clientRequestId));
  const endings = of("completion", "interrupted").map(({ requestId }) => requestId);
  const completed = new Set(of("completion").map(({ requestId }) => requestId));
  const answered = acknowledged.filter(({ status }) => status === 200);
  return {
    acknowledged: answered.length,
    notAnswered: acknowledged.length - answered.length,
    missing: answered.filter(({ requestId, stream }) => !(stream ? intents : completed).has(requestId)).length,
    seen: seen.length,
    seenWithoutIntent: seen.filter((mark) => !marks.has(mark)).length,
    interrupted: of("interrupted").length,
    begunTwice: of("intent").length - intents.size,
    endedTwice: endings.length - new Set(endings).size,
    ...{ records: records.length, integrity },
    ...(await verdictOn(trail, site)),
  };
};

async function verdictOn(trail, { checkpointKey, copies }) {
  const source = trail.source();
  try {
    const keys = publicKeysIn(readFileSync(checkpointKey, "utf8"));
    const { status, checkpoints } = await verifyTrail(source, { keys, copies: readCheckpointFile(copies) });
    return { status, checkpointCopies: checkpoints.copied };
  } finally {
    await source.close();
  }
}

/** Whether the trail is whole, and has everything once. */
exports.isWhole = ({ missing, seenWithoutIntent, begunTwice, endedTwice, integrity, status }) =>
  missing + seenWithoutIntent + begunTwice + endedTwice === 0 && integrity === "ok" && status === "clean";
