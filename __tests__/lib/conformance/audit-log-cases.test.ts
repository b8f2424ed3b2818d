import { memoryAuditLog, memoryTrail } from "../../../adapters/audit/memory";
import { auditLogCases } from "../../../lib/conformance";
import { appending, brokenTrail, resealing, type Fault } from "../../support/broken-audit-log";

/** One log for each case, broken so that the case must find it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  "gives positions 1, 2, 3, … in the order of the appends": appending((events) => [...events].reverse()),
  "resolves with the records that it wrote": (right) => ({
    append: async (events) => (await right.append(events)).slice(1),
  }),
  "takes an append of nothing": (right) => ({
    append: async (events) => {
      if (events.length === 0) throw new Error("nothing to append");
      return right.append(events);
    },
  }),
  "goes on with a chain over the boots of its node": (_right, { options, trail }) => {
    if (trail.lastOf.get(options.node)?.record.boot !== options.boot) trail.lastOf.delete(options.node);
    return {};
  },
  "keeps a chain for each node": (right, { options, trail }) => ({
    append: async (events) => {
      const last = trail.rows.at(-1);
      if (last !== undefined) trail.lastOf.set(options.node, last);
      return right.append(events);
    },
  }),
  "makes one chain of what two writers of a node append at once": (right, { options, trail }) => ({
    append: async (events) => {
      const head = trail.lastOf.get(options.node);
      await new Promise(setImmediate);
      if (head === undefined) trail.lastOf.delete(options.node);
      else trail.lastOf.set(options.node, head);
      return right.append(events);
    },
  }),
  "writes what was appended before it closes, and nothing after": () => ({ close: async () => undefined }),
  "passes over a second ending of one call": (right, { trail }) => ({
    append: async (events) => {
      trail.ended.clear();
      return right.append(events);
    },
  }),
  "takes any number of other records for one request id, and of endings without one": appending((events) =>
    events.filter((event, index) => events.findIndex((other) => other.requestId === event.requestId) === index),
  ),
  "lets each node end a call": (right, { trail }) => ({
    append: async (events) => {
      const ended = new Set(
        trail.rows.filter(({ record }) => record.kind === "completion").map(({ record }) => record.requestId),
      );
      return right.append(events.filter(({ requestId }) => !ended.has(requestId)));
    },
  }),
  "passes over what is given again and on record already": (right) => ({ append: (events) => right.append(events) }),
  "writes what is given again and on record of another node only, or without a request id": (right, { trail }) => ({
    append: (events, how) => {
      const known = new Set(trail.rows.map(({ record }) => record.requestId));
      return right.append(how?.again === true ? events.filter(({ requestId }) => !known.has(requestId)) : events);
    },
  }),
  "leaves what is given again as it is: it was cut to fit before": (right) => ({
    append: (events) => right.append(events),
  }),
  "keeps odd text as it was": appending((events) =>
    events.map((event) => ({ ...event, model: event.model?.replace("\0", "") ?? null })),
  ),
  "cuts what is too large, and takes what has no JSON form": (right) => ({
    append: async (events) => {
      JSON.stringify(events);
      return right.append(events);
    },
  }),
  "writes an event's own members and no others": (right, { options, trail }) => ({
    append: async (events) => {
      const written = await right.append(events);
      trail.rows.splice(
        0,
        1,
        ...trail.rows.slice(0, 1).map((row) => ({ ...row, bytes: Buffer.from(JSON.stringify(events[0])) })),
      );
      return options.node === "" ? [] : written;
    },
  }),
  "reads the newest records, oldest of them first": (right) => ({
    read: async (query) => [...(await right.read(query))].reverse(),
  }),
  "reads on from a position, lowest first": (right) => ({
    read: async ({ afterSeq, ...query }) =>
      (await right.read({ ...query, limit: 100 }))
        .filter(({ record }) => record.seq > (afterSeq ?? 0))
        .slice(-(query.limit ?? 100)),
  }),
  "reads the nodes' records together, in the order they were written": (right) => ({
    read: async (query) => [...(await right.read(query))].sort((a, b) => (a.record.node < b.record.node ? -1 : 1)),
  }),
  "finds records by node, kind, user and request id, all that are named": (right) => ({
    read: ({ kind: _ignored, ...query }) => right.read(query),
  }),
  "finds records by key, model, decision and reason, and by a time that ends before its end": (right) => ({
    read: ({ until: _ignored, ...query }) => right.read(query),
  }),
  "pages through all chains in the order they were written, forward and back": (right) => ({
    read: ({ before: _ignored, ...query }) => right.read(query).then((page) => (_ignored === undefined ? page : [])),
  }),
  "gives the head of every chain": (right) => ({ heads: async () => (await right.heads()).slice(0, 1) }),
  "finds the intents of its node's earlier boots that nothing ended": (_right, { trail }) => ({
    openIntents: async () => trail.rows.map(({ record }) => record).filter(({ kind }) => kind === "intent"),
  }),
  "signs a checkpoint of all chains as they stand right before its record": resealing({ heads: [] }),
  "links each checkpoint to the trail's newest, whichever node took it": resealing({ number: 1 }),
  "rejects a checkpoint that it has no key to sign, and writes nothing of it": (right) => ({
    append: (events) => right.append(events.filter(({ kind }) => kind !== "checkpoint")),
  }),
  "lets one log at a time hold a node's name": () => ({ claim: async () => undefined }),
};

const cases = auditLogCases(() => {
  const trail = memoryTrail();
  return { log: (options) => memoryAuditLog(options, trail), close: async () => undefined };
});

it("breaks a log for every case", () => {
  expect(Object.keys(FAULTS)).toEqual(cases.map(({ name }) => name));
});

describe.each(Object.entries(FAULTS))("a log that breaks the claim: %s", (name, fault) => {
  const broken = auditLogCases(() => brokenTrail(fault)).find((candidate) => candidate.name === name);

  it("fails its case", async () => {
    await expect(broken?.run()).rejects.toThrow();
  });
});
