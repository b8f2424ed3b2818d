/** Items that are neither questions nor answers, and the type of tool that each belongs to. */
const TOOL_OF_ITEM: ReadonlyMap<string, string> = new Map([
  ["function_call", "function"],
  ["function_call_output", "function"],
  ["custom_tool_call", "custom"],
  ["custom_tool_call_output", "custom"],
  ["file_search_call", "file_search"],
  ["web_search_call", "web_search"],
  ["computer_call", "computer"],
  ["computer_call_output", "computer"],
  ["code_interpreter_call", "code_interpreter"],
  ["image_generation_call", "image_generation"],
  ["local_shell_call", "local_shell"],
  ["local_shell_call_output", "local_shell"],
  ["shell_call", "shell"],
  ["shell_call_output", "shell"],
  ["apply_patch_call", "apply_patch"],
  ["apply_patch_call_output", "apply_patch"],
  ["mcp_call", "mcp"],
  ["mcp_list_tools", "mcp"],
  ["mcp_approval_request", "mcp"],
  ["mcp_approval_response", "mcp"],
  ["tool_search_call", "tool_search"],
  ["tool_search_output", "tool_search"],
  ["program", "programmatic_tool_calling"],
  ["program_output", "programmatic_tool_calling"],
]);

const MESSAGE_ITEMS: ReadonlySet<string> = new Set(["message", "reasoning"]);

/** Items of an answer that only carry the conversation on. */
const STATE_ITEMS: ReadonlySet<string> = new Set(["compaction"]);

/** Words and thoughts: what an Ask Mode conversation is made of. */
export function isConversation(itemType: string): boolean {
  return MESSAGE_ITEMS.has(itemType);
}

/** The tool type that an item belongs to; its own type where no tool is known for it. */
export function toolTypeOf(itemType: string): string {
  return TOOL_OF_ITEM.get(itemType) ?? itemType;
}

/** The tool type by which the model acts through an item of an answer; null for words. Unknown items count as acts. */
export function calledTool(itemType: string): string | null {
  return isConversation(itemType) || STATE_ITEMS.has(itemType) ? null : toolTypeOf(itemType);
}
