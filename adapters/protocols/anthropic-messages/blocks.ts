import { isJsonArray } from "../../../lib/json";
import { address, identifier } from "../plain-values";
import {
  as,
  byMember,
  each,
  jsonText,
  leftAlone,
  members,
  opaque,
  scanned,
  structured,
  text,
  textOrEach,
} from "../text-map";
import type { TextReader } from "../text-map";
import { valueAt } from "../value-at";

/** What every block may carry beside its own data; a stranger beside it is scanned. */
const KNOWN = { type: leftAlone, cache_control: leftAlone };

/** Citations quote their source and point into it: a changed quotation would be a false one. */
const citation = members({ type: leftAlone, encrypted_index: leftAlone, file_id: leftAlone });

const textBlock = members({ ...KNOWN, text, citations: each(citation) });

const toolUse = members({ ...KNOWN, id: leftAlone, name: scanned, input: structured, caller: leftAlone });

/** Bytes are not read, an address is. */
const source = members({ type: leftAlone, media_type: leftAlone, data: leftAlone, url: address, file_id: identifier });

const image = opaque("image", members({ ...KNOWN, source }));

const searchResult = members({ ...KNOWN, source: scanned, title: text, content: each(textBlock), citations: scanned });

const DOCUMENT = { ...KNOWN, title: text, context: text, citations: scanned };
const binaryDocument = opaque("document", members({ ...DOCUMENT, source }));
const plainSource = members({ type: leftAlone, media_type: leftAlone, data: text });
const plainDocument = members({ ...DOCUMENT, source: plainSource });
const partsSource = members({ type: leftAlone, content: textOrEach(byMember("type", { text: textBlock, image })) });
const partsDocument = members({ ...DOCUMENT, source: partsSource });

/** Text, parts, or something that cannot be read: base64, a URL, a file, and every source not known. */
const document: TextReader = (place, found) => {
  const type = valueAt(place.value, ["source", "type"]);
  const reader = type === "text" ? plainDocument : type === "content" ? partsDocument : binaryDocument;
  reader(place, found);
};

const toolResult = as(
  "tool",
  members({
    ...KNOWN,
    tool_use_id: leftAlone,
    content: textOrEach(
      byMember("type", { text: textBlock, image, document, search_result: searchResult }),
      structured,
    ),
  }),
);

/** What a server-run tool gave back: bound to its encrypted twin, so it is read and never changed. */
const serverResult: TextReader = members({
  ...KNOWN,
  tool_use_id: leftAlone,
  file_id: leftAlone,
  caller: leftAlone,
  encrypted_content: leftAlone,
  encrypted_stdout: leftAlone,
  source: byMember("type", { base64: opaque("document") }),
  content: (place, found) => (isJsonArray(place.value) ? each(serverResult) : serverResult)(place, found),
});

const definition = as("definition", scanned);

const BLOCKS = {
  text: textBlock,
  image,
  document,
  search_result: searchResult,
  thinking: members({ ...KNOWN, thinking: scanned, signature: leftAlone }),
  redacted_thinking: opaque("encrypted_reasoning", members({ ...KNOWN, data: leftAlone })),
  compaction: members({ ...KNOWN, content: scanned, encrypted_content: leftAlone, signature: leftAlone }),
  container_upload: opaque("file", members({ ...KNOWN, file_id: leftAlone })),
  tool_use: toolUse,
  server_tool_use: toolUse,
  mcp_tool_use: toolUse,
  tool_result: toolResult,
  mcp_tool_result: toolResult,
  tool_addition: definition,
  tool_removal: definition,
  mcp_tool_listing: definition,
};

const SERVER_RESULTS = [
  "web_search_tool_result",
  "web_fetch_tool_result",
  "code_execution_tool_result",
  "bash_code_execution_tool_result",
  "text_editor_code_execution_tool_result",
  "tool_search_tool_result",
  "advisor_tool_result",
];
const serverResults = Object.fromEntries(SERVER_RESULTS.map((type) => [type, as("tool", serverResult)]));

/** A content block, in requests and answers alike; blocks of a type not known are scanned. */
export const block = byMember("type", { ...BLOCKS, ...serverResults });

/** Pieces of a block in a stream. */
export const blockDelta = byMember(
  "type",
  {
    text_delta: members({ type: leftAlone, text }),
    input_json_delta: members({ type: leftAlone, partial_json: jsonText }),
    thinking_delta: members({ type: leftAlone, thinking: scanned }),
    signature_delta: members({ type: leftAlone, signature: leftAlone }),
    citations_delta: members({ type: leftAlone, citation }),
    compaction_delta: members({ type: leftAlone, content: scanned, encrypted_content: leftAlone }),
  },
  members({ stop_reason: leftAlone, container: leftAlone }),
);
