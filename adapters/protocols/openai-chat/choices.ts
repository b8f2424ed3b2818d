import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";

/** One answer of the several that a request can ask for; `index` is its own, or its position where it has none. */
export interface Choice {
  readonly index: number;
  readonly value: JsonObject;
}

/** Whether a choice says why it ended; some providers name an empty reason in every chunk before. */
export function isFinished({ value }: Choice): boolean {
  const reason = member(value, "finish_reason");
  return typeof reason === "string" && reason !== "";
}

/** The elements of `choices` that are objects. */
export function choicesOf(value: JsonValue | null): readonly Choice[] {
  const choices = value !== null && isJsonObject(value) ? member(value, "choices") : undefined;
  if (!isJsonArray(choices)) return [];
  return choices.flatMap((choice, position) => {
    if (!isJsonObject(choice)) return [];
    const index = member(choice, "index");
    return [{ index: typeof index === "number" ? index : position, value: choice }];
  });
}
