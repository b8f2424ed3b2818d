import { Denial, type RefusalReason } from "../denial";
import type { Grant } from "./combine-grants";
import type { Catalogue, CatalogueModel } from "./domain";

const AGENT_PREFIX = "agent/";

/**
 * The model of that id, if the organisation has it and the grant allows it.
 * Throws a Denial: `model_not_found` for an unknown or disabled one, `model_access_denied` for one that is not granted.
 * For agents both are `model_not_found`, so that nobody can probe for them; the record keeps the true reason.
 */
export function resolveModel(catalogue: Catalogue, grant: Grant, id: string): CatalogueModel {
  const model = catalogue.models.get(id);
  if (model === undefined) throw refusal(id, "model_unknown");
  const decision = decide(grant, model);
  if (decision !== "granted") throw refusal(id, decision);
  return model;
}

/** What `GET /v1/models` lists, in the catalogue's order: exactly what `resolveModel` lets pass. */
export function visibleModels(catalogue: Catalogue, grant: Grant): readonly CatalogueModel[] {
  return [...catalogue.models.values()].filter((model) => decide(grant, model) === "granted");
}

/** What `GET /v1/models/{id}` shows: null for unknown and not granted alike. */
export function visibleModel(catalogue: Catalogue, grant: Grant, id: string): CatalogueModel | null {
  const model = catalogue.models.get(id);
  return model !== undefined && decide(grant, model) === "granted" ? model : null;
}

/** The organisation's ceiling first, then the principal's grant. */
function decide(grant: Grant, model: CatalogueModel) {
  return model.enabled ? grant.decide(model) : "model_disabled";
}

function refusal(id: string, reason: RefusalReason): Denial {
  const known = reason === "model_denied" || reason === "provider_denied";
  const code = known && !id.startsWith(AGENT_PREFIX) ? "model_access_denied" : "model_not_found";
  return new Denial(code, { reason, field: id });
}
