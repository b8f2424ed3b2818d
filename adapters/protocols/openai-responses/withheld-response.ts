import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";

/** Members of a Response that hold no text of anybody's: ids, numbers and settings. */
const KEPT = [
  "id",
  "created_at",
  "model",
  "background",
  "max_output_tokens",
  "parallel_tool_calls",
  "previous_response_id",
  "service_tier",
  "store",
  "temperature",
  "top_p",
  "truncation",
  "usage",
] as const;

/** An id or a setting, not a sentence. */
const WORD = /^[\w.:/-]{1,256}$/;

/** What every Response has, for answers that never said (OpenAI reference, Response). */
const BLANK = Object.freeze({
  id: "",
  object: "response",
  created_at: 0,
  model: "",
  parallel_tool_calls: true,
  temperature: null,
  top_p: null,
});

const EMPTIED = Object.freeze({
  instructions: null,
  metadata: {},
  tools: [],
  tool_choice: "auto",
  output: [],
  error: null,
  incomplete_details: null,
});

/** A Response without a word in it. */
export function blankResponse(response: JsonObject | null, status: string): JsonObject {
  return { ...BLANK, ...(response === null ? {} : kept(response)), status, ...EMPTIED };
}

/** The dialect's content-filter ending of a Response. */
export function withheldResponse(response: JsonObject | null): JsonObject {
  return { ...blankResponse(response, "incomplete"), incomplete_details: { reason: "content_filter" } };
}

/** The content-filter answer in place of any JSON answer of this protocol. */
export function withholdAnswer(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return withheldResponse(null);
  if (member(value, "object") === "list") {
    return { object: "list", data: [], first_id: null, last_id: null, has_more: false };
  }
  if (member(value, "object") === "response.compaction")
    return { object: "response.compaction", ...kept(value), output: [] };
  const answer = withheldResponse(value);
  return Object.hasOwn(value, "output_text") ? { ...answer, output_text: "" } : answer;
}

function kept(response: JsonObject): JsonObject {
  const entries = KEPT.map((name) => [name, member(response, name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && isPlain(value)));
}

function isPlain(value: JsonValue): boolean {
  if (typeof value === "string") return WORD.test(value);
  return isJsonObject(value) ? Object.values(value).every((count) => isCount(count ?? null)) : !isJsonArray(value);
}

/** Token counts, and their details one level down. */
function isCount(value: JsonValue): boolean {
  const details = isJsonObject(value) ? Object.values(value) : [value];
  return details.every((count) => typeof count === "number" || count === null);
}
