import { columnText } from "../../../lib/audit/chain-row";
import { isAgain, type GivenEvent } from "../../../lib/audit/given-events";
import type { AuditEvent } from "../../../lib/audit/record";
import { isEnding, type Writer } from "../../../lib/audit/stamp-record";
import type { PgClient } from "../../postgres/load-pg";

/** Whether an event is not written: its call has ended, or it is on record from an append before. Asked once for each, in order. */
export type PassedOver = (event: GivenEvent) => boolean;

const ENDED = `select request_id from audit
  where node = $1 and kind in ('completion', 'interrupted') and request_id = any($2::text[])`;
const PRESENT = "select kind, request_id from audit where node = $1 and request_id = any($2::text[])";

export async function passedOver(client: PgClient, writer: Writer, events: readonly GivenEvent[]): Promise<PassedOver> {
  const ended = await readEnded(client, writer, events);
  const present = await readPresent(client, writer, events);
  return (event) => {
    if (isAgain(event) && present.has(nameOf(event.kind, event.requestId))) return true;
    if (!isEnding(event)) return false;
    if (ended.has(event.requestId)) return true;
    ended.add(event.requestId);
    return false;
  };
}

/** Which of the calls that are to be ended have an ending already. */
async function readEnded(client: PgClient, { node }: Writer, events: readonly AuditEvent[]): Promise<Set<string>> {
  const ending = new Map(events.filter(isEnding).map(({ requestId }) => [columnText(requestId) ?? "", requestId]));
  if (ending.size === 0) return new Set();
  const { rows } = await client.query(ENDED, [node, [...ending.keys()]]);
  return new Set(rows.map((row) => ending.get(String(row["request_id"])) ?? ""));
}

async function readPresent(
  client: PgClient,
  { node }: Writer,
  events: readonly GivenEvent[],
): Promise<ReadonlySet<string>> {
  const ids = events.filter(isAgain).map(({ requestId }) => columnText(requestId) ?? "");
  if (ids.length === 0) return new Set();
  const { rows } = await client.query(PRESENT, [node, ids]);
  return new Set(rows.map((row) => nameOf(String(row["kind"]), String(row["request_id"]))));
}

function nameOf(kind: string, requestId: string): string {
  return `${kind} ${columnText(requestId)}`;
}
