/** Who owns a response id, and where it lives. */
export interface LedgerEntry {
  readonly responseId: string;
  readonly organizationId: string;
  readonly userId: string;
  /** The upstream that made it. */
  readonly upstream: string;
  /** True when neither the request nor any link of its chain carried tools. */
  readonly toolFree: boolean;
}

/**
 * Remembers whose each response id is, for `/v1/responses/{id}`, `previous_response_id` and `conversation`.
 * Both methods reject when the ledger cannot answer; an unknown or lapsed id is `null`.
 * `remember` is durable when it resolves, and must have resolved before the client can know the id. It starts an id's
 * time anew. While an id lives it keeps its owner (for another user it rejects), and `toolFree` never turns true again.
 */
export interface ResponseLedger {
  remember(entry: LedgerEntry): Promise<void>;
  find(organizationId: string, responseId: string): Promise<LedgerEntry | null>;
}
