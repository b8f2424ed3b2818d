import type { Operation, Protocol } from "../../../lib/ports/protocol";

/** As much of a protocol as routing looks at. */
function stubProtocol(name: string, prefixes: readonly string[], operations: readonly Operation[]): Protocol {
  const unused = (): never => {
    throw new Error("Routing needs no codec.");
  };
  return {
    name,
    prefixes,
    operations,
    parse: unused,
    toolRequests: unused,
    askModeByDefault: false,
    removedMembers: [],
    formatError: unused,
    formatModels: unused,
    formatModel: unused,
    response: {
      readJson: unused,
      withholdJson: unused,
      openSse: unused,
      keepAlive: { event: null, data: null, raw: null },
    },
  };
}

const prompt = (id: string, path: string): Operation => ({ id, method: "POST", path, body: "prompt" });
const owned = (id: string, method: string, path: string): Operation => ({
  id,
  method,
  path,
  body: "none",
  ownedBy: "response",
});

export const chat = stubProtocol("chat", ["/chat"], [prompt("chat.create", "/chat/completions")]);

export const responses = stubProtocol(
  "responses",
  ["/responses"],
  [
    prompt("responses.create", "/responses"),
    prompt("responses.input_tokens", "/responses/input_tokens"),
    prompt("responses.compact", "/responses/compact"),
    owned("responses.get", "GET", "/responses/{id}"),
    owned("responses.delete", "DELETE", "/responses/{id}"),
    owned("responses.cancel", "POST", "/responses/{id}/cancel"),
    owned("responses.input_items", "GET", "/responses/{id}/input_items"),
  ],
);

export const messages = stubProtocol(
  "messages",
  ["/messages"],
  [prompt("messages.create", "/messages"), prompt("messages.count_tokens", "/messages/count_tokens")],
);

export const PROTOCOLS = [chat, responses, messages];
