import type { Answer } from "../answer";
import type { EntitledCall } from "../call";
import { Denial } from "../denial";
import { MODEL_OPERATIONS } from "../http/route";
import type { JsonValue } from "../json";
import type { Catalogue } from "../policy/domain";
import { visibleModel, visibleModels } from "../policy/find-model";

/** Whether the gate answers this call itself: the listing of models comes from the catalogue, never from an upstream. */
export function listsModels(call: EntitledCall): boolean {
  return MODEL_OPERATIONS.some((operation) => operation.id === call.operation.id);
}

/** `GET /v1/models` and `GET /v1/models/{id}`: only what `entitle` would let pass, in the dialect's shape. */
export function listModels(call: EntitledCall, catalogue: Catalogue): Answer {
  const { formatModel, formatModels } = call.protocol;
  const id = call.params.id;
  if (id === undefined) return jsonAnswer(formatModels(visibleModels(catalogue, call.grant)));
  const model = visibleModel(catalogue, call.grant, id);
  if (model === null) throw new Denial("not_found", { reason: "model_denied", field: id });
  return jsonAnswer(formatModel(model));
}

function jsonAnswer(value: JsonValue): Answer {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    status: 200,
    headers: [
      ["content-type", "application/json; charset=utf-8"],
      ["cache-control", "no-store"],
      ["content-length", String(bytes.length)],
    ],
    body: oneChunk(bytes),
    origin: "host",
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
