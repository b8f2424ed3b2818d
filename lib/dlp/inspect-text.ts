import type { Principal } from "../policy/domain";
import type { DlpEngine, LocatedFinding } from "./engine";
import { dlpLayers } from "./layers";
import type { Direction } from "./policy";
import type { TokenVault } from "./tokens";

/** What the filters make of one text of the host's own interface. */
export interface InspectedText {
  /** The text as it may go on; null when a rule stops it. */
  readonly text: string | null;
  /** The entity that stops it; null when none does. */
  readonly blockedBy: string | null;
  /** UTF-16 offsets into the text that was given. */
  readonly findings: readonly Omit<LocatedFinding, "index">[];
}

/**
 * Runs the filters of the API on a text of the host's own user interface, under the same policy of organisation and groups.
 * Throws Denial `dlp_unavailable` as the gate would; the signal's reason when it aborts.
 * What tokens stand for is put back in the answers of API calls alone; without a `vault` tokenize acts as redact.
 */
export async function inspectText(
  engine: DlpEngine,
  principal: Principal,
  direction: Direction,
  text: string,
  vault?: TokenVault,
  signal: AbortSignal = new AbortController().signal,
): Promise<InspectedText> {
  const policy = engine.policyFor(direction, dlpLayers(principal, null));
  const span = { path: [], role: "unknown", text, rewritable: true } as const;
  const inspection = await engine.inspect([span], [], policy, signal, policy.active ? vault?.request : null);
  const { blockedBy } = inspection;
  return Object.freeze({
    text: blockedBy === null ? (inspection.edits[0]?.text ?? text) : null,
    blockedBy,
    findings: Object.freeze(inspection.findings.map(({ index: _, ...finding }) => Object.freeze(finding))),
  });
}
