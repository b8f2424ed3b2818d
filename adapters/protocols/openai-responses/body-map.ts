import { identifier } from "../plain-values";
import { as, each, members, scanned, structured, text, textOrEach } from "../text-map";
import { textOrPart } from "./content-map";
import { definition, definitions } from "./definition-map";
import { inputItem } from "./item-map";

/** A stored prompt: its variables are text of the caller's. */
const storedPrompt = as("user", members({ id: identifier, version: identifier, variables: members({}, textOrPart) }));

/** Where text is in the body of `POST /responses` and its neighbours. */
export const bodyMap = members({
  model: identifier,
  previous_response_id: identifier,
  conversation: members({ id: identifier }, scanned),
  prompt_cache_key: identifier,
  instructions: as("system", text),
  input: as("user", textOrEach(inputItem)),
  prompt: storedPrompt,
  tools: definitions,
  tool_choice: definition,
  text: definition,
  metadata: as("user", structured),
  user: as("user", text),
  safety_identifier: as("user", text),
  include: each(identifier),
});
