import { isJsonArray, isJsonObject, member, type JsonObject, type JsonPath, type JsonValue } from "../../lib/json";
import { refuseMembers } from "./read-body-fields";

/**
 * Members beside `model` by which a body can name a model, or a stored choice of models, to a provider or a router
 * (Anthropic `fallbacks`; OpenRouter `models`, `route`, `preset`; LiteLLM `*fallbacks`, `user_config`; Azure `engine`).
 */
const TOP_LEVEL = [
  "models",
  "route",
  "preset",
  "engine",
  "deployment_id",
  "model_list",
  "user_config",
  "router_settings_override",
  "fallback",
  "fallbacks",
  "fallback_models",
  "default_fallbacks",
  "context_window_fallbacks",
  "context_window_fallback_dict",
  "content_policy_fallbacks",
];

const NAMING = ["model", "models", "allowed_models", "analysis_models", "fallbacks", "fallback_models"];

/** Refuses (`unsupported_parameter`) every place of a body, `model` aside, that names a model: nobody would check it. */
export function refuseOtherModels(body: JsonObject): void {
  refuseMembers(body, TOP_LEVEL);
  refuseNaming(member(body, "moderation"), ["moderation"]);
  refuseEach(member(body, "tools"), ["tools"]);
  refuseEach(member(body, "plugins"), ["plugins"]);
  const management = member(body, "context_management");
  if (isJsonObject(management)) refuseEach(member(management, "edits"), ["context_management", "edits"]);
}

/** A server-run tool may bring a model of its own (advisor), some routers' tools among their parameters. */
export function refuseToolModels(tool: JsonValue | undefined, path: JsonPath): void {
  refuseNaming(tool, path);
  if (!isJsonObject(tool) || member(tool, "type") === "function") return;
  refuseNaming(member(tool, "parameters"), [...path, "parameters"]);
}

function refuseEach(list: JsonValue | undefined, path: JsonPath): void {
  if (isJsonArray(list)) list.forEach((item, index) => refuseToolModels(item, [...path, index]));
}

function refuseNaming(value: JsonValue | undefined, path: JsonPath): void {
  if (isJsonObject(value)) refuseMembers(value, NAMING, path);
}
