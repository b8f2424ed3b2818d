import type { DeliveredPlace } from "../../../lib/audit/cut-behind-sinks";

type Query = (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** How far every sink is. A trail in a database of its own, or an old one, has no places of sinks. */
export async function deliveredPlaces(query: Query): Promise<readonly DeliveredPlace[]> {
  const [table] = await query("select to_regclass('audit_sink_places') as name");
  const rows = table?.["name"] == null ? [] : await query("select sink, node, seq from audit_sink_places");
  return rows.map(({ sink, node, seq }) => ({ sink: String(sink), node: String(node), seq: Number(seq) }));
}
