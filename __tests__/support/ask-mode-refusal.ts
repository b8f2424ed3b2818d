import type { Refused } from "./http-check";

/** What Ask Mode says of a field that it does not let pass. */
export function askModeRefusal(field: string): Refused {
  return {
    refused: "ask_mode_only",
    reason: "ask_mode",
    message: `This user may only ask questions; tools are not allowed: ${field}`,
    record: { detail: `ask_mode:${field}` },
  };
}
