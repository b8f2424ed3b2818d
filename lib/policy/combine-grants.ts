import type { CatalogueModel } from "./domain";

export type ModelDecision = "granted" | "model_denied" | "provider_denied";

/** What a principal may do, computed once from its groups. */
export interface Grant {
  /** Personal API Key Access in at least one group, or an administrator. */
  readonly apiKeyAccess: boolean;
  readonly askModeOnly: boolean;
  decide(model: CatalogueModel): ModelDecision;
}
