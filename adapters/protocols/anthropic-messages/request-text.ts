import { as, byMember, each, leftAlone, members, scanned, textOrEach } from "../text-map";
import { block } from "./blocks";

const content = textOrEach(block);
const message = members({ role: leftAlone, content });

const messages = each(
  byMember(
    "role",
    { user: as("user", message), assistant: as("assistant", message), system: as("system", message) },
    members({ content }),
  ),
);

const definition = as("definition", scanned);

/** Where text is in a request to messages or count_tokens; what is not named is scanned. */
export const requestText = members({
  model: leftAlone,
  system: as("system", content),
  messages,
  tools: definition,
  output_config: definition,
  output_format: definition,
  metadata: as("user", scanned),
  cache_control: leftAlone,
  container: leftAlone,
  diagnostics: members({ previous_message_id: leftAlone }),
  fallback_credit_token: leftAlone,
});
