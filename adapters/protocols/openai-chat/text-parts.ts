import { addressOrUrl, identifier } from "../plain-values";
import {
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

/** What a part carries beside its own data; a stranger beside it is scanned. */
const KNOWN = { type: leftAlone, cache_control: leftAlone };

const part = byMember("type", {
  text: members({ ...KNOWN, text }),
  refusal: members({ ...KNOWN, refusal: text }),
  image_url: opaque("image", members({ ...KNOWN, image_url: addressOrUrl })),
  input_audio: opaque("audio", members({ ...KNOWN, input_audio: members({ data: leftAlone, format: identifier }) })),
  video_url: opaque("file", members({ ...KNOWN, video_url: addressOrUrl })),
  file: opaque("file", members({ ...KNOWN, file: members({ file_data: leftAlone, file_id: identifier }) })),
});

/** `content` of a message, in requests and answers: a string, or parts by type. */
export const content = textOrEach(part);

/** What a tool said: the same, or data as it is. */
export const toolContent = textOrEach(part, structured);

/** The legacy form of a function call, and the heart of the current one. */
export const functionCall = members({ name: scanned, arguments: jsonText });

const TOOL_CALL = {
  id: leftAlone,
  function: functionCall,
  custom: members({ name: scanned, input: structured }),
  extra_content: members({ google: members({ thought_signature: leftAlone }) }),
};
const knownToolCall = members({ ...TOOL_CALL, type: leftAlone });

export const toolCalls = each(byMember("type", { function: knownToolCall, custom: knownToolCall }, members(TOOL_CALL)));

const REASONING_DETAIL = { id: leftAlone, data: leftAlone, signature: leftAlone };

/** What an assistant says, in requests and answers alike. Signed or encrypted reasoning is bound to its signature. */
export const SPOKEN = {
  content,
  refusal: text,
  tool_calls: toolCalls,
  function_call: functionCall,
  reasoning_content: text,
  reasoning: text,
  reasoning_details: each(members(REASONING_DETAIL)),
};
