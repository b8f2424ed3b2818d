import type { AdmittedCall, AuthenticatedCall, EntitledCall } from "../call";
import { Denial } from "../denial";
import { publicPath } from "../dlp/public-path";
import type { JsonPath } from "../json";
import type { Prompt, ToolRequest } from "../ports/protocol";
import type { LedgerEntry, ResponseLedger } from "../ports/response-ledger";

export interface AskModeOptions {
  /** Protocols on which it is enforced beside those that enforce it by themselves. */
  readonly protocols: readonly string[];
  /** Types of client-executed tools that pass, with the items that belong to them: `function`, `custom`, `namespace`. */
  readonly allowTools: readonly string[];
}

export interface AskModeDeps {
  readonly ledger: ResponseLedger;
  readonly options: AskModeOptions;
}

/**
 * Ask Mode means questions and answers: the model may not act (contract §4).
 *
 * Throws Denial `ask_mode_only` naming the first offending field, `store_unavailable` when the ledger cannot say what an
 * earlier answer carried.
 */
export async function askMode(call: EntitledCall, { ledger, options }: AskModeDeps): Promise<EntitledCall> {
  if (call.body === null || call.toolFree || !isAskModeBound(call, options)) return call;
  const requests = call.protocol.toolRequests(call.body, call.operation);
  const offending = requests.find((request) => !isAllowed(request.type, options));
  if (offending !== undefined) throw refused(offending.path);
  for (const link of call.prompt?.continues ?? []) {
    if (!(await isOwnAndToolFree(call, link.id, ledger))) throw refused([link.field]);
  }
  return call;
}

/** Whether neither the request nor what it goes on from carries tools: remembered with the answer's id, for every caller. */
export function isToolFree(
  call: Pick<AdmittedCall, "protocol" | "operation" | "body">,
  prompt: Prompt,
  chain: readonly LedgerEntry[],
): boolean {
  if (call.body === null || chain.length < prompt.continues.length) return false;
  const requests: readonly ToolRequest[] = call.protocol.toolRequests(call.body, call.operation);
  return requests.length === 0 && chain.every((entry) => entry.toolFree);
}

/** Whether an answer that calls tools of these types must not reach the caller. */
export function withholdsToolCalls(
  call: Pick<AuthenticatedCall, "protocol" | "grant">,
  types: readonly string[],
  options: AskModeOptions,
): boolean {
  return isAskModeBound(call, options) && types.some((type) => !isAllowed(type, options));
}

/** Whether Ask Mode is enforced on this call. */
export function isAskModeBound(
  { grant, protocol }: Pick<AuthenticatedCall, "protocol" | "grant">,
  options: AskModeOptions,
): boolean {
  return grant.askModeOnly && (protocol.askModeByDefault || options.protocols.includes(protocol.name));
}

function isAllowed(type: string | null, { allowTools }: AskModeOptions): boolean {
  return type !== null && allowTools.includes(type);
}

async function isOwnAndToolFree(call: EntitledCall, responseId: string, ledger: ResponseLedger): Promise<boolean> {
  const { organization, user } = call.principal;
  const entry = await find(ledger, organization.id, responseId);
  return entry !== null && entry.userId === user.id && entry.toolFree;
}

async function find(ledger: ResponseLedger, organizationId: string, responseId: string): Promise<LedgerEntry | null> {
  try {
    return await ledger.find(organizationId, responseId);
  } catch (cause) {
    throw new Denial("store_unavailable", { reason: "store_unavailable", cause });
  }
}

function refused(path: JsonPath): Denial {
  const field = publicPath(path);
  return new Denial("ask_mode_only", { reason: "ask_mode", field, detail: `ask_mode:${field}` });
}
