import type { Operation, Protocol } from "../../lib/ports/protocol";
import { makeEvent } from "./make-event";
import { readAnswer, withholdAnswer } from "./anthropic-messages/answers";
import { formatAnthropicError } from "./anthropic-messages/errors";
import { formatAnthropicModel, formatAnthropicModels } from "./anthropic-messages/models";
import { parseMessages } from "./anthropic-messages/parse";
import { openMessagesStream } from "./anthropic-messages/stream";
import { messagesToolRequests } from "./anthropic-messages/tool-requests";

/** `count_tokens` takes and ships the whole prompt, so that it is judged like the prompt itself. */
const OPERATIONS: readonly Operation[] = [
  { id: "messages.create", method: "POST", path: "/messages", body: "prompt" },
  { id: "messages.count_tokens", method: "POST", path: "/messages/count_tokens", body: "prompt" },
];

/** Anthropic's messages. */
export const anthropicMessages: Protocol = Object.freeze({
  name: "messages",
  prefixes: Object.freeze(["/messages"]),
  operations: Object.freeze(OPERATIONS.map((operation) => Object.freeze(operation))),
  parse: parseMessages,
  toolRequests: messagesToolRequests,
  askModeByDefault: false,
  removedMembers: Object.freeze(["metadata", "litellm_metadata", "proxy_server_request"]),
  formatError: formatAnthropicError,
  formatModels: formatAnthropicModels,
  formatModel: formatAnthropicModel,
  response: Object.freeze({
    readJson: readAnswer,
    withholdJson: withholdAnswer,
    openSse: openMessagesStream,
    keepAlive: makeEvent("ping", { type: "ping" }),
  }),
});
