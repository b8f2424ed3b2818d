import { randomBytes } from "node:crypto";
import { createSnapshots, type Snapshots } from "./auth/snapshot-cache";
import type { ContentVault } from "./content-vault";
import { createDlpEngine } from "./dlp/create-engine";
import type { DlpEngine } from "./dlp/engine";
import type { CustomRule } from "./dlp/policy";
import { createTokenVault, type TokenVault } from "./dlp/tokens";
import type { Exchange } from "./exchange";
import { createRouter, type Router } from "./http/route";
import { requestId } from "./http/request-id";
import { noteUses, type UseNotes } from "./note-uses";
import { openCredentials, type Credentials } from "./open-credentials";
import { openContent } from "./open-content";
import { openRecorder } from "./open-recorder";
import { openTrail } from "./open-trail";
import { checkOptions, type GateOptions } from "./options";
import { scopedDigest } from "./keys/pepper";
import { createGrants } from "./policy/combine-grants";
import type { Principal } from "./policy/domain";
import type { AuditLog, CheckpointExport } from "./ports/audit-log";
import type { SpooledLogParts } from "./ports/audit-spool";
import type { Clock, RandomBytes } from "./ports/clock";
import type { Detector } from "./ports/detector";
import type { Logger } from "./ports/logger";
import type { ErrorForm, Protocol } from "./ports/protocol";
import type { AuditSink } from "./ports/audit-sink";
import { shipRecords, type Shipping } from "./sinks/ship-records";
import type { Recorder } from "./stages/record";
import { keepRetention, type Retention } from "./keep-retention";
import { steadyLogger } from "./steady-logger";
import { takeCheckpoints, type Checkpoints } from "./take-checkpoints";
import { textDigest } from "./text-digest";

/** What the package's entry binds once: the built-in protocols and detectors. */
export interface Bindings {
  readonly protocols: readonly Protocol[];
  readonly detectors: readonly Detector[];
  readonly compileCustomRule: (rule: CustomRule) => Detector;
  readonly defaultLogger: () => Logger;
  /** Reads a signing key from a file, and writes checkpoints to one. */
  readonly readCheckpointKey: (path: string) => string;
  readonly checkpointFile: (path: string) => CheckpointExport;
  /** Gives a trail a local file to fall back on. */
  readonly spooled: (parts: SpooledLogParts) => AuditLog;
}

/** Where the gate stands between its start and its end; `createLife` moves it. */
export interface CoreLife {
  draining: boolean;
  started: boolean;
  /** Starts the gate, or waits for the start that is under way. */
  ready: () => Promise<void>;
}

/** Everything one gate shares between requests; made once, frozen. */
export interface Core extends Credentials {
  readonly options: GateOptions;
  readonly protocols: readonly Protocol[];
  readonly route: Router;
  readonly snapshots: Snapshots;
  readonly grants: ReturnType<typeof createGrants>;
  readonly engine: DlpEngine;
  /** For the tokens of one call: the same value of the same user has the same token in every call. */
  readonly openVault: (principal: Principal) => TokenVault;
  readonly audit: AuditLog;
  readonly recorder: Recorder;
  /** Null when no text of calls is kept. */
  readonly content: ContentVault | null;
  /** Of the trail, to its sinks. */
  readonly shipping: Shipping;
  /** Null when none are asked for. */
  readonly checkpoints: Checkpoints | null;
  /** Null where nothing is dropped. */
  readonly retention: Retention | null;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly logger: Logger;
  /** This start of the node. */
  readonly boot: string;
  readonly uses: UseNotes;
  readonly errorForm: ErrorForm;
  /** Calls that have not ended. */
  readonly active: Set<Exchange>;
  readonly life: CoreLife;
}

const SYSTEM_CLOCK: Clock = Object.freeze({ now: () => Date.now(), monotonic: () => performance.now() });

export function createCore(bindings: Bindings, given: GateOptions): Core {
  checkOptions(given, bindings.protocols);
  const options = Object.freeze({ ...given });
  const clock = options.clock ?? SYSTEM_CLOCK;
  const random = options.random ?? ((size: number) => randomBytes(size));
  const logger = steadyLogger(options.logger ?? bindings.defaultLogger());
  const snapshots = createSnapshots({ store: options.store, clock, logger, ...staleness(options) });
  const judging = openCredentials(options, snapshots, clock, logger);
  const boot = requestId(clock.now(), random);
  const audit = openTrail(bindings, options, { clock, logger, boot, newId: () => requestId(clock.now(), random) });
  const shipping = openShipping(options, audit, logger);
  const content = openContent(options, clock, random);
  const recorder = openRecorder(options, { log: audit, clock, logger, shipping, content });
  return Object.freeze({
    ...{ options, clock, random, logger, boot, snapshots, audit, recorder, content, shipping },
    uses: noteUses({ options, snapshots, logger }),
    protocols: bindings.protocols,
    route: createRouter(routing(bindings.protocols, options)),
    ...judging,
    grants: createGrants(options.askMode?.resolution),
    engine: dlpEngine(bindings, options, clock),
    openVault: ({ organization, user }: Principal) =>
      createTokenVault(scopedDigest(judging.peppers, ["dlp tokens", organization.id, user.id])),
    checkpoints: checkpoints(bindings, options, recorder, logger),
    retention: retention(bindings, options, audit, clock, logger),
    errorForm: Object.freeze({ unauthorized: options.errors?.unauthorized ?? "plain" }),
    active: new Set<Exchange>(),
    life: { draining: false, started: false, ready: () => Promise.resolve() },
  });
}

function routing(protocols: readonly Protocol[], options: GateOptions): Parameters<typeof createRouter>[0] {
  return { protocols, prefix: options.prefix ?? "/v1", unguarded: options.unguarded ?? [] };
}

function dlpEngine(bindings: Bindings, { dlp = {} }: GateOptions, clock: Clock): DlpEngine {
  return createDlpEngine({
    detectors: [...bindings.detectors, ...(dlp.detectors ?? [])],
    compileCustomRule: bindings.compileCustomRule,
    monotonic: clock.monotonic,
    digest: textDigest,
    ...(dlp.budgetMs !== undefined && { budgetMs: dlp.budgetMs }),
  });
}

function retention(
  bindings: Bindings,
  { audit = {}, store }: GateOptions,
  log: AuditLog,
  clock: Clock,
  logger: Logger,
): Retention | null {
  if (audit.retention === undefined) return null;
  const key = bindings.readCheckpointKey(audit.checkpoints?.key ?? store.checkpointKeyFile ?? "");
  return keepRetention({ store, log, key, days: audit.retention.days, clock, logger });
}

function staleness({ limits = {} }: GateOptions): { readonly staleMs?: number } {
  return limits.staleMs === undefined ? {} : { staleMs: limits.staleMs };
}

function checkpoints(
  bindings: Bindings,
  options: GateOptions,
  { checkpoint }: Recorder,
  logger: Logger,
): Checkpoints | null {
  const wanted = options.audit?.checkpoints;
  if (wanted === undefined) return null;
  const { file, everyMs } = wanted;
  const copy = file === undefined ? null : bindings.checkpointFile(file);
  return takeCheckpoints({ take: checkpoint, copy, logger, ...(everyMs !== undefined && { everyMs }) });
}

function openShipping({ audit = {}, store }: GateOptions, log: AuditLog, logger: Logger): Shipping {
  const sinks = (audit.sinks ?? []).filter((sink): sink is AuditSink => "deliver" in sink);
  return shipRecords(sinks, { log, registry: store.sinks, holder: audit.node ?? "gate", logger });
}
