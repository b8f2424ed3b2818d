import type { Protocol } from "../../lib/ports/protocol";
import { PING_COMMENT } from "./make-event";
import { formatOpenaiError } from "./openai-errors";
import { formatOpenaiModel, formatOpenaiModels } from "./openai-models";
import { responsesOperations } from "./openai-responses/operations";
import { readAnswer } from "./openai-responses/read-answer";
import { readPrompt } from "./openai-responses/read-prompt";
import { openResponsesSse } from "./openai-responses/sse-session";
import { findToolRequests } from "./openai-responses/tool-requests";
import { withholdAnswer } from "./openai-responses/withheld-response";

/** OpenAI's Responses API: `/responses` and what belongs to it. */
export const openaiResponses: Protocol = Object.freeze({
  name: "responses",
  prefixes: Object.freeze(["/responses"]),
  operations: responsesOperations,
  parse: readPrompt,
  toolRequests: findToolRequests,
  askModeByDefault: true,
  removedMembers: Object.freeze([]),
  formatError: formatOpenaiError,
  formatModels: formatOpenaiModels,
  formatModel: formatOpenaiModel,
  response: Object.freeze({
    readJson: readAnswer,
    withholdJson: withholdAnswer,
    openSse: openResponsesSse,
    keepAlive: PING_COMMENT,
  }),
});
