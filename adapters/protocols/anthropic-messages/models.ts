import type { JsonObject } from "../../../lib/json";
import type { CatalogueModel } from "../../../lib/policy/domain";

/** Anthropic's way to say that the date of a model is not known. */
const UNKNOWN_DATE = "1970-01-01T00:00:00Z";

/** `GET /v1/models` on one page, whatever `limit` asks for. */
export function formatAnthropicModels(models: readonly CatalogueModel[]): JsonObject {
  return {
    data: models.map(formatAnthropicModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

export function formatAnthropicModel(model: CatalogueModel): JsonObject {
  return { type: "model", id: model.id, display_name: model.displayName, created_at: UNKNOWN_DATE };
}
