import type { Protocol } from "../../lib/ports/protocol";
import { readAnswer } from "./openai-chat/answers";
import { parseChat } from "./openai-chat/parse";
import { openChatStream } from "./openai-chat/stream";
import { PING_COMMENT } from "./make-event";
import { chatToolRequests } from "./openai-chat/tool-requests";
import { withholdAnswer } from "./openai-chat/withhold-answer";
import { formatOpenaiError } from "./openai-errors";
import { formatOpenaiModel, formatOpenaiModels } from "./openai-models";

/** OpenAI's chat completions, as OpenAI and its many imitators speak it. */
export const openaiChat: Protocol = Object.freeze({
  name: "chat",
  prefixes: Object.freeze(["/chat/completions", "/chat"]),
  operations: Object.freeze([
    Object.freeze({ id: "chat.create", method: "POST", path: "/chat/completions", body: "prompt" } as const),
  ]),
  parse: parseChat,
  toolRequests: chatToolRequests,
  askModeByDefault: false,
  removedMembers: Object.freeze(["metadata", "litellm_metadata", "proxy_server_request"]),
  formatError: formatOpenaiError,
  formatModels: formatOpenaiModels,
  formatModel: formatOpenaiModel,
  response: Object.freeze({
    readJson: readAnswer,
    withholdJson: withholdAnswer,
    openSse: openChatStream,
    keepAlive: PING_COMMENT,
    interleaves: true,
  }),
});
