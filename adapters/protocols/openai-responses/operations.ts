import type { Operation } from "../../../lib/ports/protocol";

/** Every call of the Responses API that the gate knows. Source: OpenAI API reference, Responses. */
export const responsesOperations: readonly Operation[] = Object.freeze([
  { id: "responses.create", method: "POST", path: "/responses", body: "prompt" },
  { id: "responses.input_tokens", method: "POST", path: "/responses/input_tokens", body: "prompt" },
  { id: "responses.compact", method: "POST", path: "/responses/compact", body: "prompt" },
  { id: "responses.get", method: "GET", path: "/responses/{id}", body: "none", ownedBy: "response" },
  { id: "responses.delete", method: "DELETE", path: "/responses/{id}", body: "none", ownedBy: "response" },
  { id: "responses.cancel", method: "POST", path: "/responses/{id}/cancel", body: "none", ownedBy: "response" },
  {
    id: "responses.input_items",
    method: "GET",
    path: "/responses/{id}/input_items",
    body: "none",
    ownedBy: "response",
  },
]);
