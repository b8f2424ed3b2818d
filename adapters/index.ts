import { createGate } from "../lib/gate";
import { checkpointFile } from "./audit/checkpoint-file";
import { readCheckpointKey } from "./audit/checkpoint-key-file";
import { spooledAuditLog } from "./audit/spool/spooled-log";
import { compileCustomRule } from "./detectors/custom-rules";
import { builtInDetectors } from "./detectors/built-in";
import { standardErrorLogger } from "./operator-log";
import { anthropicMessages } from "./protocols/anthropic-messages";
import { openaiChat } from "./protocols/openai-chat";
import { openaiResponses } from "./protocols/openai-responses";

export * from "../lib/index";
export { createOperatorLog } from "./operator-log";
export { forward, type ForwardOptions } from "./upstreams/forward";

/** The gate over the three protocols and the built-in detectors: `app.use(llmGate({ store }))`. */
export const llmGate = createGate({
  protocols: [openaiChat, openaiResponses, anthropicMessages],
  detectors: builtInDetectors(),
  compileCustomRule,
  defaultLogger: standardErrorLogger,
  readCheckpointKey,
  checkpointFile,
  spooled: spooledAuditLog,
});
