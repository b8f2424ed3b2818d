import type { Kysely } from "kysely";
import type { SinkClaim, SinkPlaces, SinkRegistry, SinkState } from "../../../lib/ports/sink-registry";
import { integerColumn, optionalInteger, optionalText, textColumn } from "./columns";
import type { Schema, SinkRow } from "./schema";
import type { SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

export function createSinks(seam: SqlSeam, now: () => Promise<number>): SinkRegistry {
  return Object.freeze({
    async take(claim: SinkClaim): Promise<SinkPlaces> {
      const at = await now();
      return inWriteTransaction(seam, lockOf(claim.sink), async (tx) => {
        await addMissing(tx, claim);
        return takeFree(tx, claim, at);
      });
    },
    async note(sink: string, places: SinkPlaces, error: string | null): Promise<void> {
      const at = await now();
      await inWriteTransaction(seam, lockOf(sink), async (tx) => {
        for (const [node, seq] of places) await advance(tx, sink, node, seq);
        const moved = places.size > 0 ? { moved_at: at } : {};
        await tx
          .updateTable("audit_sinks")
          .set({ error, ...moved })
          .where("sink", "=", sink)
          .execute();
      });
    },
    async release(sink: string, holder: string): Promise<void> {
      await inWriteTransaction(seam, lockOf(sink), (tx) =>
        tx
          .updateTable("audit_sink_places")
          .set({ holder: null, held_until: 0 })
          .where("sink", "=", sink)
          .where("holder", "=", holder)
          .execute(),
      );
    },
    list: () => listSinks(seam.reads),
    remove: (sink: string) =>
      inWriteTransaction(seam, lockOf(sink), async (tx) => {
        await tx.deleteFrom("audit_sink_places").where("sink", "=", sink).execute();
        const { numDeletedRows } = await tx.deleteFrom("audit_sinks").where("sink", "=", sink).executeTakeFirst();
        return numDeletedRows > 0n;
      }),
  });
}

function lockOf(sink: string): string {
  return JSON.stringify(["sink", sink]);
}

/** A sink that was not there before may begin at the heads; a chain that comes later is shipped whole. */
async function addMissing(tx: Kysely<Schema>, { sink, heads, from }: SinkClaim): Promise<void> {
  const known = await tx.selectFrom("audit_sinks").select("sink").where("sink", "=", sink).executeTakeFirst();
  if (known === undefined) await tx.insertInto("audit_sinks").values({ sink, moved_at: null, error: null }).execute();
  const skip = known === undefined && from === "now";
  for (const { node, seq } of heads) {
    await tx
      .insertInto("audit_sink_places")
      .values({ sink, node, seq: skip ? seq : 0, holder: null, held_until: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function takeFree(tx: Kysely<Schema>, { sink, holder, leaseMs }: SinkClaim, at: number): Promise<SinkPlaces> {
  await tx
    .updateTable("audit_sink_places")
    .set({ holder, held_until: at + leaseMs })
    .where("sink", "=", sink)
    .where(({ or, eb }) => or([eb("holder", "is", null), eb("holder", "=", holder), eb("held_until", "<=", at)]))
    .execute();
  const rows = await tx
    .selectFrom("audit_sink_places")
    .select(["node", "seq"])
    .where("sink", "=", sink)
    .where("holder", "=", holder)
    .execute();
  return placesOf(rows);
}

async function advance(tx: Kysely<Schema>, sink: string, node: string, seq: number): Promise<void> {
  await tx
    .updateTable("audit_sink_places")
    .set({ seq })
    .where("sink", "=", sink)
    .where("node", "=", node)
    .where("seq", "<", seq)
    .execute();
}

async function listSinks(db: Kysely<Schema>): Promise<readonly SinkState[]> {
  const sinks = await db.selectFrom("audit_sinks").selectAll().orderBy("sink").execute();
  const places = await db.selectFrom("audit_sink_places").select(["sink", "node", "seq"]).orderBy("node").execute();
  return sinks.map(({ sink, moved_at, error }) =>
    Object.freeze({
      sink: textColumn(sink, "audit_sinks.sink"),
      places: placesOf(places.filter((place) => place.sink === sink)),
      movedAt: optionalInteger(moved_at, "audit_sinks.moved_at"),
      error: optionalText(error, "audit_sinks.error"),
    }),
  );
}

function placesOf(rows: readonly Pick<SinkRow, "node" | "seq">[]): SinkPlaces {
  return new Map(
    rows.map(({ node, seq }) => [
      textColumn(node, "audit_sink_places.node"),
      integerColumn(seq, "audit_sink_places.seq"),
    ]),
  );
}
