import { identifier } from "../plain-values";
import { as, byMember, each, leftAlone, members, scanned, structured, text } from "../text-map";
import { content, SPOKEN, toolContent } from "./text-parts";

const MESSAGE = { ...SPOKEN, name: scanned, tool_call_id: leftAlone, audio: members({ id: leftAlone }) };
const message = members({ ...MESSAGE, role: leftAlone });
const toolMessage = members({ ...MESSAGE, role: leftAlone, content: toolContent });

const messages = each(
  byMember(
    "role",
    {
      system: as("system", message),
      developer: as("system", message),
      user: as("user", message),
      assistant: as("assistant", message),
      tool: as("tool", toolMessage),
      function: as("tool", toolMessage),
    },
    members(MESSAGE),
  ),
);

const definition = as("definition", scanned);

/** Where text is in a request to chat completions; what is not named is scanned. */
export const requestText = members({
  model: leftAlone,
  messages,
  tools: definition,
  functions: definition,
  response_format: definition,
  prediction: as("user", members({ type: leftAlone, content: content })),
  user: as("user", text),
  metadata: as("user", structured),
  prompt_cache_key: identifier,
  safety_identifier: as("user", text),
});
