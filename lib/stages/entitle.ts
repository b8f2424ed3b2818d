import type { AdmittedCall, EntitledCall } from "../call";
import { Denial } from "../denial";
import { resolveModel } from "../policy/find-model";
import type { Catalogue, CatalogueModel } from "../policy/domain";
import type { Prompt } from "../ports/protocol";
import type { LedgerEntry, ResponseLedger } from "../ports/response-ledger";

export interface EntitleDeps {
  /** Rejects with Denial `store_unavailable`. */
  readonly catalogueOf: (organizationId: string) => Catalogue | Promise<Catalogue>;
  readonly ledger: ResponseLedger;
  /** Whether Ask Mode judges this caller's earlier state: it then refuses what is not theirs in its own words. */
  readonly isAskModeBound: (call: AdmittedCall) => boolean;
  /** Whether neither the request nor its chain carries tools, so that Ask Mode may go on from its answer. */
  readonly isToolFree: (call: AdmittedCall, prompt: Prompt, chain: readonly LedgerEntry[]) => boolean;
  /** A name of the client's own as it may be said and recorded. */
  readonly showable: (call: AdmittedCall, name: string) => Promise<string>;
}

/** Reads what the call asks for and checks it against what the caller may use: models, and response ids of its own. */
export async function entitle(call: AdmittedCall, deps: EntitleDeps): Promise<EntitledCall> {
  if (call.operation.ownedBy === "response") return entitleResponse(call, deps);
  if (call.body === null) return Object.freeze({ ...call, prompt: null, model: null, upstream: null, toolFree: false });
  const prompt = call.protocol.parse(call.body, call.operation);
  const model = prompt.model === null ? null : await modelOf(call, prompt.model, deps);
  const chain = await ownChain(call, prompt, deps);
  const toolFree = deps.isToolFree(call, prompt, chain);
  const upstream = model?.provider ?? chain[0]?.upstream ?? null;
  return Object.freeze({ ...call, prompt, model, upstream, toolFree });
}

async function modelOf(
  call: AdmittedCall,
  id: string,
  { catalogueOf, showable }: EntitleDeps,
): Promise<CatalogueModel> {
  const catalogue = await catalogueOf(call.principal.organization.id);
  try {
    return resolveModel(catalogue, call.grant, id);
  } catch (thrown) {
    if (!(thrown instanceof Denial) || thrown.code !== "model_not_found") throw thrown;
    throw new Denial(thrown.code, { reason: thrown.reason, field: await showable(call, id) });
  }
}

/** Unknown ids and other people's are the same 404. */
async function entitleResponse(call: AdmittedCall, deps: EntitleDeps): Promise<EntitledCall> {
  const entry = await ownEntry(call, call.params.id ?? "", deps);
  if (entry === null) throw new Denial("not_found", { reason: "not_owner" });
  return Object.freeze({ ...call, prompt: null, model: null, upstream: entry.upstream, toolFree: entry.toolFree });
}

/** Earlier state that the call goes on from must be the caller's own: the provider's key would read anybody's. */
async function ownChain(call: AdmittedCall, prompt: Prompt, deps: EntitleDeps): Promise<readonly LedgerEntry[]> {
  const entries = await Promise.all(prompt.continues.map(({ id }) => ownEntry(call, id, deps)));
  const missing = entries.indexOf(null);
  if (missing !== -1 && !deps.isAskModeBound(call)) {
    throw new Denial("not_found", { reason: "not_owner", field: prompt.continues[missing]?.field ?? "" });
  }
  return entries.filter((entry) => entry !== null);
}

async function ownEntry(call: AdmittedCall, id: string, { ledger }: EntitleDeps): Promise<LedgerEntry | null> {
  const { organization, user } = call.principal;
  const entry = await ledger.find(organization.id, id).catch((cause: unknown) => {
    throw new Denial("store_unavailable", { reason: "store_unavailable", cause });
  });
  return entry?.userId === user.id ? entry : null;
}
