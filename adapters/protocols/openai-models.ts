import type { JsonObject, JsonValue } from "../../lib/json";
import type { CatalogueModel } from "../../lib/policy/domain";

/** `GET /v1/models` as both OpenAI dialects read it (contract §6). */
export function formatOpenaiModels(models: readonly CatalogueModel[]): JsonValue {
  return { object: "list", data: models.map(formatOpenaiModel) };
}

/** One entry of the list. The catalogue knows no dates. */
export function formatOpenaiModel({ id, provider, displayName }: CatalogueModel): JsonObject {
  return { id, object: "model", created: 0, owned_by: provider, display_name: displayName };
}
