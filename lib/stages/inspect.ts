import type { ClearedCall, EntitledCall } from "../call";
import { Denial } from "../denial";
import type { DenialOptions } from "../denial-options";
import type { DlpEngine, Inspection } from "../dlp/engine";
import type { TokenVault } from "../dlp/tokens";
import { dlpLayers } from "../dlp/layers";
import { maskedTexts } from "../dlp/masked-texts";
import { publicPath } from "../dlp/public-path";
import { editJson, type JsonReplacement } from "../http/edit-json";
import type { JsonDocument } from "../http/strict-json";
import { member } from "../json";
import type { Principal } from "../policy/domain";
import type { TextSpan } from "../ports/protocol";
import { spansAsWritten } from "./spans-as-written";

export interface InspectDeps {
  readonly engine: DlpEngine;
  /** The tokens of one call of this principal; absent: tokenize acts as redact. */
  readonly openVault?: (principal: Principal) => TokenVault;
  /** Top-level members cut before forwarding; absent: those that the protocol names. */
  readonly remove?: readonly string[];
  /** Text of calls is kept for the record. */
  readonly keepsTexts?: boolean;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Data loss prevention over everything that the body says, then the edits: findings replaced, members cut that never go
 * upstream, the model called what its provider calls it. Nothing to change: the same bytes go on.
 * Throws Denial `dlp_blocked`, or `dlp_unavailable` when a detector fails.
 */
export async function inspect(call: EntitledCall, deps: InspectDeps): Promise<ClearedCall> {
  const { body, prompt } = call;
  const tokens = deps.openVault?.(call.principal);
  const vault = tokens && { tokens };
  if (body === null || prompt === null) return Object.freeze({ ...call, bytes: NO_BYTES, dlp: null, ...vault });
  const policy = deps.engine.policyFor("request", dlpLayers(call.principal, call.model));
  const minting = policy.active ? tokens?.request : null;
  const spans = spansAsWritten(prompt.spans, () => body.bytes);
  const inspection = await deps.engine.inspect(spans, prompt.opaque, policy, call.signal, minting);
  const kept = deps.keepsTexts === true ? { texts: maskedTexts(spans, inspection) } : {};
  if (inspection.blockedBy !== null) throw blocked(inspection, inspection.blockedBy, kept);
  const bytes = editJson(body, {
    replace: [...redactions(spans, inspection), ...renaming(call, body)],
    remove: deps.remove ?? call.protocol.removedMembers,
  });
  return Object.freeze({ ...call, bytes, dlp: inspection.report, ...vault, ...kept });
}

function blocked(inspection: Inspection, by: string, kept: Pick<DenialOptions, "texts">): Denial {
  const field = publicPath(inspection.blockedAt ?? []);
  const where = { field, detail: `${by} at ${field}`, dlp: inspection.report, ...kept };
  if (by !== "uninspectable") return new Denial("dlp_blocked", { reason: "dlp", rule: by, ...where });
  const message = "The request contains a part that cannot be inspected.";
  return new Denial("dlp_blocked", { reason: "uninspectable", message, ...where });
}

function redactions(spans: readonly TextSpan[], inspection: Inspection): readonly JsonReplacement[] {
  return inspection.edits.flatMap(({ index, text }) => {
    const span = spans[index];
    return span === undefined ? [] : [{ path: span.path, text, structured: span.structured === true }];
  });
}

function renaming({ model }: EntitledCall, body: JsonDocument): readonly JsonReplacement[] {
  const named = typeof member(body.value, "model") === "string";
  return named && model?.upstreamModel ? [{ path: ["model"], text: model.upstreamModel }] : [];
}
