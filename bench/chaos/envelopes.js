/** What a caller may get while everything goes wrong: the right answer, or a refusal in the words of the contract. */
const OPENAI = {
  401: (body) => body.error === "Unauthorized",
  429: ({ error }) => error?.type === "rate_limit_error" && typeof error.code === "string",
  503: ({ error }) =>
    error?.type === "server_error" && REFUSALS.includes(error.code) && typeof error.message === "string",
};
const ANTHROPIC = {
  401: isAnthropic("authentication_error"),
  429: isAnthropic("rate_limit_error"),
  503: (body) => isAnthropic("api_error")(body) || isAnthropic("overloaded_error")(body),
};
const REFUSALS = ["store_unavailable", "audit_unavailable", "draining"];
const FORMS = { "/chat/completions": OPENAI, "/responses": OPENAI, "/messages": ANTHROPIC };

/** How each dialect's stream ends well, and how it says that it failed. */
const ENDS = {
  "/chat/completions": {
    well: /data: \[DONE\]\s*$/,
    failed: /event: error\ndata: \{"error":\{.*\n\ndata: \[DONE\]\s*$/,
  },
  "/responses": { well: /event: response\.completed\n.*\s*$/, failed: /event: response\.failed\n.*\s*$/ },
  "/messages": { well: /event: message_stop\n.*\s*$/, failed: /event: error\ndata: \{"type":"error".*\s*$/ },
};

function isAnthropic(type) {
  return (body) => body.type === "error" && body.error?.type === type && typeof body.error.message === "string";
}

/** What is wrong with a refusal; null when it is as the contract has it. */
exports.wrongRefusal = function wrongRefusal({ path }, { status, headers, text }) {
  const form = FORMS[path][status];
  if (form === undefined) return `status ${status}`;
  if (!/^application\/json/.test(headers["content-type"] ?? "")) return `${status} as ${headers["content-type"]}`;
  if (headers["x-request-id"] === undefined) return `${status} without a request id`;
  if (status === 401 && headers["www-authenticate"] === undefined) return "401 without a challenge";
  if (status !== 401 && headers["retry-after"] === undefined) return `${status} without Retry-After`;
  return form(parsed(text)) ? null : `${status} in a wrong envelope`;
};

/** Whether a 503 says that the call could not be recorded: then there is no record of it. */
exports.isUnrecorded = (status, text) => status === 503 && text.includes("audit trail is unavailable");

/** How a stream ended: `ok`, `failed` in its dialect, else `cut`. */
exports.endOfStream = function endOfStream({ path }, text, lastPiece) {
  const { well, failed } = ENDS[path];
  if (failed.test(text)) return "failed";
  return well.test(text) && text.includes(lastPiece) ? "ok" : "cut";
};

exports.isWholeAnswer = (text, lastPiece) => Object.keys(parsed(text)).length > 0 && text.includes(lastPiece);

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
