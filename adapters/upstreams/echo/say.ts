import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";

/** A tool that the request offers. */
export interface EchoTool {
  readonly name: string;
  /** `custom` takes a line of text, `function` JSON that satisfies the schema. */
  readonly kind: "function" | "custom";
  readonly schema: JsonValue | undefined;
}

/** Where the conversation stands. */
export interface Turn {
  readonly userText: string;
  /** What a tool said after the user; null when none did. */
  readonly toolResult: string | null;
  /** The tool to call when asked to; null when none may be called. */
  readonly tool: EchoTool | null;
}

export type Said = { readonly text: string } | { readonly tool: EchoTool; readonly input: JsonObject };

/** Asks for a tool call: the model calls the first tool that it is offered. */
const CALL_WORD = "USE_TOOL";
const SAMPLE_WORD = "echo";
const SAMPLE_DEPTH = 4;
const MOST_PIECES = 64;
const CHARACTERS_PER_TOKEN = 4;

/** The whole model: the same turn always gives the same answer. */
export function say({ userText, toolResult, tool }: Turn): Said {
  if (toolResult !== null) return { text: `The tool said: ${toolResult}` };
  if (tool === null || !userText.includes(CALL_WORD)) return { text: `You said: ${userText}` };
  return { tool, input: sampleObject(tool.schema, SAMPLE_DEPTH) };
}

/** The text in at least two pieces (where it has two words), as a stream delivers it; joined they are the text. */
export function pieces(text: string): readonly string[] {
  const words = text.match(/\S*\s+|\S+$/g) ?? [];
  const size = Math.ceil(words.length / MOST_PIECES);
  const count = size === 0 ? 0 : Math.ceil(words.length / size);
  return Array.from({ length: count }, (_, index) => words.slice(index * size, (index + 1) * size).join(""));
}

/** About four characters each; never none. */
export function tokensIn(characters: number): number {
  return Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

/** What a custom tool is given. */
export function sampleText(): string {
  return SAMPLE_WORD;
}

/** The members that a schema requires, each with the plainest value of its type. */
function sampleObject(schema: JsonValue | undefined, depth: number): JsonObject {
  if (!isJsonObject(schema)) return {};
  const required = member(schema, "required");
  const properties = member(schema, "properties");
  if (!isJsonArray(required) || !isJsonObject(properties)) return {};
  const names = required.filter((name) => typeof name === "string");
  return Object.fromEntries(names.map((name) => [name, sampleValue(member(properties, name), depth - 1)]));
}

function sampleValue(schema: JsonValue | undefined, depth: number): JsonValue {
  if (!isJsonObject(schema) || depth < 0) return SAMPLE_WORD;
  const choices = member(schema, "enum");
  const first = isJsonArray(choices) ? choices[0] : member(schema, "const");
  if (first !== undefined) return first;
  const type = member(schema, "type");
  const named = isJsonArray(type) ? type[0] : type;
  if (named === "object") return sampleObject(schema, depth);
  return typeof named === "string" ? (PLAINEST.get(named) ?? SAMPLE_WORD) : SAMPLE_WORD;
}

const PLAINEST: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["number", 1],
  ["integer", 1],
  ["boolean", true],
  ["array", []],
  ["null", null],
]);
