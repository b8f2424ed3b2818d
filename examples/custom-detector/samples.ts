/** What the detector finds and what it must leave alone: the conformance suite asks for no more. */
export const SAMPLES = {
  /** One finding each, at least one for every entity. */
  found: [
    { text: "see TICKET-12345 please", entity: "TICKET_NUMBER", start: 4, end: 16 },
    { text: "TICKET-1234", entity: "TICKET_NUMBER", start: 0, end: 11 },
  ],
  /** Near misses. */
  clean: ["TICKET-1", "MYTICKET-12345", "ticket 12345", "TICKET-123456789"],
};
