import type { Verdict } from "../../lib/auth/verdict";
import { lapse } from "../../lib/auth/verify-key";
import { createDlpEngine } from "../../lib/dlp/create-engine";
import type { DlpEngine } from "../../lib/dlp/engine";
import { createGrants, type Grant } from "../../lib/policy/combine-grants";
import type { Catalogue } from "../../lib/policy/domain";
import type { Operation } from "../../lib/ports/protocol";
import type { ResponseLedger } from "../../lib/ports/response-ledger";
import type { KeyLimits, KeySnapshot, Store } from "../../lib/ports/store";
import type { AskModeOptions } from "../../lib/stages/ask-mode";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";
import { openDetectors } from "../server/open-detectors";
import { SYSTEM } from "../store/with-store";

/** What the stages need, as a server would have it. */
export interface ExplainDeps {
  readonly verdict: Verdict;
  /** What the key itself may do less than its user. */
  readonly keyLimits: KeyLimits;
  readonly operation: Operation;
  readonly realm: string;
  readonly grantOf: (snapshot: KeySnapshot) => Grant;
  readonly catalogueOf: (organizationId: string) => Promise<Catalogue>;
  readonly ledger: ResponseLedger;
  readonly askModeOptions: AskModeOptions;
  readonly engine: DlpEngine;
  readonly remove?: readonly string[];
  readonly bodyBytes: number;
}

/** The settings of a gate file that have a say in a decision. */
export type DecidingSettings = Pick<GateFile, "askMode" | "dlp" | "detectors" | "limits" | "forward">;

const BODY_BYTES = 52_428_800;

export function explainDeps(
  store: Store,
  snapshot: KeySnapshot,
  operation: Operation,
  { settings, now }: { readonly settings: DecidingSettings; /** By the store's clock. */ readonly now: number },
): ExplainDeps {
  const { protocols = [], allowTools = [], resolution } = settings.askMode;
  return Object.freeze({
    verdict: verdictOn(snapshot, now),
    keyLimits: { models: snapshot.key.models, networks: snapshot.key.networks },
    operation,
    realm: "llm-gate",
    grantOf: createGrants(resolution),
    catalogueOf: (organizationId: string) => store.catalogue(organizationId),
    ledger: store.ledger,
    askModeOptions: { protocols, allowTools },
    engine: createDlpEngine({
      detectors: [...builtInDetectors(), ...openDetectors(settings).detectors],
      compileCustomRule,
      monotonic: SYSTEM.clock.monotonic,
      ...settings.dlp,
    }),
    ...settings.forward,
    bodyBytes: settings.limits.bodyBytes ?? BODY_BYTES,
  });
}

/** As if the whole key had been presented. */
function verdictOn(snapshot: KeySnapshot, now: number): Verdict {
  const reason = lapse(snapshot, now);
  const presented = { form: "bearer", bothHeaders: false } as const;
  return reason === null
    ? { ok: true, snapshot, stale: false, ...presented }
    : { ok: false, reason, judged: true, keyId: snapshot.key.id, ...presented };
}
