import { isJsonObject, member, type JsonValue } from "../../../lib/json";
import type { TextRole } from "../../../lib/ports/protocol";
import {
  as,
  byMember,
  each,
  jsonText,
  leaves,
  leftAlone,
  members,
  opaque,
  scanned,
  structured,
  text,
  type TextReader,
} from "../text-map";
import { content, contentPart, ENVELOPE, imagePart, reasoningParts, toolOutput } from "./content-map";
import { definitions } from "./definition-map";

const ROLES: Readonly<Record<string, TextRole>> = Object.freeze({
  user: "user",
  assistant: "assistant",
  system: "system",
  developer: "system",
});

/** What the model asked of a tool, and what the tool said. */
const asked = (readers: Readonly<Record<string, TextReader>>): TextReader =>
  as("assistant", members({ ...ENVELOPE, ...readers }));
const told = (readers: Readonly<Record<string, TextReader>>): TextReader =>
  as("tool", members({ ...ENVELOPE, ...readers }));

const message: TextReader = (place, found) =>
  members({ ...ENVELOPE, content })({ ...place, role: roleOf(place.value) }, found);

const encryptedText: TextReader = (place, found) => {
  if (typeof place.value === "string") opaque("encrypted_reasoning")(place, found);
};
const encryptedItem = members({ ...ENVELOPE, encrypted_content: encryptedText });

const codeOutput = byMember("type", { logs: members({ ...ENVELOPE, logs: text }), image: imagePart });
const computerAction = members({ ...ENVELOPE, text });

const TOOL_ITEMS: Readonly<Record<string, TextReader>> = {
  function_call: asked({ arguments: jsonText }),
  function_call_output: told({ output: toolOutput }),
  custom_tool_call: asked({ input: structured }),
  custom_tool_call_output: told({ output: toolOutput }),
  mcp_call: asked({ arguments: jsonText, output: as("tool", structured), error: as("tool", text) }),
  mcp_approval_request: asked({ arguments: jsonText }),
  mcp_approval_response: as("user", members({ ...ENVELOPE, reason: text })),
  mcp_list_tools: as("definition", members(ENVELOPE)),
  shell_call: asked({ action: members({ commands: leaves }) }),
  shell_call_output: told({ output: each(members({ stdout: text, stderr: text, outcome: members(ENVELOPE) })) }),
  local_shell_call: asked({ action: members({ ...ENVELOPE, command: leaves, env: structured }) }),
  local_shell_call_output: told({ output: text }),
  apply_patch_call: asked({ operation: members({ ...ENVELOPE, diff: text }) }),
  apply_patch_call_output: told({ output: text }),
  code_interpreter_call: asked({ code: text, outputs: as("tool", each(codeOutput)) }),
  file_search_call: asked({ queries: leaves, results: as("tool", each(members({ ...ENVELOPE, text }))) }),
  web_search_call: asked({ action: members({ ...ENVELOPE, query: text, queries: leaves, pattern: text }) }),
  computer_call: asked({ action: computerAction, actions: each(computerAction) }),
  computer_call_output: told({ output: contentPart }),
  image_generation_call: told({ result: opaque("image"), revised_prompt: text }),
  tool_search_call: asked({ arguments: structured }),
  tool_search_output: members({ ...ENVELOPE, tools: definitions }),
  additional_tools: members({ ...ENVELOPE, tools: definitions }),
  program: asked({ fingerprint: leftAlone }),
  program_output: told({ result: text }),
};

const OTHER_ITEMS: Readonly<Record<string, TextReader>> = {
  message,
  compaction: encryptedItem,
  item_reference: members(ENVELOPE),
};

/** An item of `input`. Reasoning comes back as the provider made it, so that it is read and never rewritten. */
export const inputItem = itemReader(members({ ...ENVELOPE, encrypted_content: encryptedText }));

/** An item of `output`, or one read back by id. */
export const outputItem = itemReader(
  members({ ...ENVELOPE, summary: reasoningParts, content: reasoningParts, encrypted_content: encryptedText }),
);

/** An item without a type is a message when it has a role, else a reference (OpenAI reference, EasyInputMessage). */
function itemReader(reasoning: TextReader): TextReader {
  const readers: Readonly<Record<string, TextReader>> = {
    ...TOOL_ITEMS,
    ...OTHER_ITEMS,
    reasoning: as("assistant", reasoning),
  };
  return (place, found) => {
    const type = itemType(place.value);
    const reader = type !== null && Object.hasOwn(readers, type) ? readers[type] : as("unknown", scanned);
    reader?.(place, found);
  };
}

/** The item's type, also where it may be left out; null when there is none that could be known. */
export function itemType(item: JsonValue): string | null {
  if (!isJsonObject(item)) return null;
  const type = member(item, "type");
  if (typeof type === "string") return type;
  if (type !== undefined && type !== null) return null;
  return typeof member(item, "role") === "string" ? "message" : "item_reference";
}

function roleOf(item: JsonValue): TextRole {
  const role = isJsonObject(item) ? member(item, "role") : undefined;
  return typeof role === "string" && Object.hasOwn(ROLES, role) ? (ROLES[role] ?? "unknown") : "unknown";
}
