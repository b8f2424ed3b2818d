import type { AppendOptions } from "../ports/audit-log";
import { capEvent } from "./cap-event";
import type { AuditEvent } from "./record";

/** An event as a log's writer gets it. */
export interface GivenEvent extends AuditEvent {
  /** It may be on record already. */
  readonly again?: true;
}

/** The events of an append, fit to be written. */
export function givenEvents(
  events: readonly AuditEvent[],
  { again = false }: AppendOptions = {},
): readonly GivenEvent[] {
  return events.map((event) => (again ? { ...event, again } : capEvent(event)));
}

/** Is passed over when the chain holds an event of the same kind for the same request id. */
export function isAgain(event: GivenEvent): event is GivenEvent & { readonly requestId: string } {
  return event.again === true && event.requestId !== null;
}
