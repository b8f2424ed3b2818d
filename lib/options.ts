import type { AuthenticatedCall } from "./call";
import { checkAuditOptions } from "./check-audit-options";
import { checkNames, checkOneOf, invalid } from "./option-errors";
import type { AuditEvent } from "./audit/record";
import type { PepperOptions, Peppers } from "./keys/pepper";
import type { AskModeResolution } from "./policy/combine-grants";
import type { AuditLog } from "./ports/audit-log";
import type { AuditObserver, AuditSink } from "./ports/audit-sink";
import type { SpoolOptions } from "./ports/audit-spool";
import type { Bus } from "./ports/bus";
import type { Clock, RandomBytes } from "./ports/clock";
import type { Detector } from "./ports/detector";
import type { Logger } from "./ports/logger";
import type { Protocol } from "./ports/protocol";
import type { Store } from "./ports/store";

/** Undoes an admission when the call is over: a slot of a rate limiter, say. */
export type Release = () => void;

/** What `llmGate()` takes. Only `store` is required; the object is copied, never written to. */
export interface GateOptions {
  /** Organisations, users, groups, models and keys: `sqliteStore("gate.db")`. */
  readonly store: Store;
  /** Tells of changes sooner than the next poll of the store: `redisBus(url)`. A store may bring one of its own besides. */
  readonly bus?: Bus;
  /** What is guarded. Default `/v1`; `/llm/v1` serves a base URL below a path. */
  readonly prefix?: string;
  /** Paths below the prefix that the host serves itself, outside the gate. */
  readonly unguarded?: readonly string[];
  /** In the `WWW-Authenticate` challenge. Default `llm-gate`. */
  readonly realm?: string;
  /**
   * The secret that key digests are made with: a string of at least 32 bytes, or several with their versions. Default:
   * `LLM_GATE_PEPPER`, else the file beside an embedded database.
   */
  readonly pepper?: string | PepperOptions | Peppers;
  /** What keys begin with. Default `llmg`. */
  readonly keyPrefix?: string;
  readonly importedKeys?: {
    /** What another system made the HMAC-SHA-256 digests of imported keys with. Plain SHA-256 needs nothing. */
    readonly hmacSecrets?: readonly string[];
  };
  readonly limits?: {
    /** Bytes of a request body, inflated. Default 52,428,800. */
    readonly bodyBytes?: number;
    /** Bytes of an answer that are held at most. Default 16,777,216. */
    readonly answerBytes?: number;
    /** Milliseconds without a byte before an upload is given up. Default 30,000. */
    readonly bodyIdleMs?: number;
    /** Milliseconds that known keys are still served, on record as such, after the store was last seen: 0 to 300,000. Default 30,000. */
    readonly staleMs?: number;
  };
  /** `typed` gives 401 on the OpenAI protocols OpenAI's own form. Default `plain`. */
  readonly errors?: { readonly unauthorized?: "plain" | "typed" };
  /** Top-level members cut from bodies before they go upstream. Default: what each protocol names. */
  readonly forward?: { readonly remove?: readonly string[] };
  readonly askMode?: {
    /** Protocols that enforce it besides those that always do. */
    readonly protocols?: readonly string[];
    /** Types of client-executed tools that are let pass, knowingly. */
    readonly allowTools?: readonly string[];
    readonly resolution?: AskModeResolution;
  };
  readonly dlp?: {
    /** Besides the built-in ones. */
    readonly detectors?: readonly Detector[];
    /** Milliseconds for one inspection; overrun refuses. Default 2,000. */
    readonly budgetMs?: number;
  };
  readonly audit?: {
    /** The name of this node's chain. Default `gate`. */
    readonly node?: string;
    /** Another trail than the store's own. */
    readonly log?: AuditLog;
    /** Sinks get every record at least once, by their own cursors; observers are told in this process. */
    readonly sinks?: readonly (AuditSink | AuditObserver)[];
    /** Full records of failed authentication per second and source; above it they are summed. Default 1,000. */
    readonly floodPerSecond?: number;
    /** `redacted`: records keep the text of calls as it went on, encrypted with a key of its user. Default: no text is kept. */
    readonly content?: "redacted";
    /** Path of the file with the master key for kept text. Default: `LLM_GATE_CONTENT_KEY`, else `<database>.content.key`. */
    readonly contentKey?: string;
    /** UTF-8 bytes of text that are kept of each direction of a call. Default 32,768. */
    readonly contentBytes?: number;
    /** Keeps events in a local file, synced, while the trail's database is out of reach, and calls going. Default: they get 503. */
    readonly spool?: SpoolOptions;
    /** Signed checkpoints of all chains: at start, every minute, at a clean stop. Default: none. */
    readonly checkpoints?: {
      /** Path of the Ed25519 private key, PEM. Default: `<database>.checkpoint.key`, which `llm-gate init` makes beside an embedded database. */
      readonly key?: string;
      /** Path of a file outside the database that each is appended to, one line of JSON each. */
      readonly file?: string;
      /** Default 60,000. */
      readonly everyMs?: number;
    };
    /** Records older than so many days are dropped, provably, once every sink has them. Needs checkpoints. Default: none are. */
    readonly retention?: { readonly days: number };
  };
  /** Rate limits and address rules: runs after authentication, before the body is read. Throw a Denial to refuse. */
  readonly admit?: (call: AuthenticatedCall) => Release | undefined | Promise<Release | undefined>;
  /** Sees every record after it is durable: frozen, out of band. */
  readonly onDecision?: (event: AuditEvent) => void;
  /** Default: silent but for warnings and errors on standard error, through winston. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

const NAMES = {
  "": "store bus prefix unguarded realm pepper keyPrefix importedKeys limits errors forward askMode dlp audit admit onDecision logger clock random",
  importedKeys: "hmacSecrets",
  limits: "bodyBytes answerBytes bodyIdleMs staleMs",
  errors: "unauthorized",
  forward: "remove",
  askMode: "protocols allowTools resolution",
  dlp: "detectors budgetMs",
  audit: "node log sinks floodPerSecond checkpoints retention content contentKey contentBytes spool",
} as const;

/** The most that `limits.staleMs` may be. */
export const MOST_STALE_MS = 300_000;

/** Catches misspelt options by name; an option that does nothing is a hole that nobody sees. */
export function checkOptions(options: GateOptions, protocols: readonly Protocol[]): void {
  checkNames("", options, NAMES[""].split(" "));
  for (const [group, names] of Object.entries(NAMES)) {
    const value = group === "" ? undefined : (options as unknown as Record<string, unknown>)[group];
    if (value !== undefined) checkNames(group, value, names.split(" "));
  }
  const store: unknown = options.store;
  if (typeof store !== "object" || store === null || !("findKey" in store))
    throw invalid("store", store, 'a store, such as sqliteStore("gate.db")');
  const protocolNames = protocols.map((protocol) => protocol.name);
  for (const name of options.askMode?.protocols ?? []) checkOneOf("askMode.protocols", name, protocolNames);
  checkAuditOptions(options);
  checkOneOf("errors.unauthorized", options.errors?.unauthorized ?? "plain", ["plain", "typed"]);
  for (const [name, value] of Object.entries(options.limits ?? {})) checkLimit(name, value);
}

function checkLimit(name: string, value: number): void {
  if (name === "staleMs") {
    if (!Number.isSafeInteger(value) || value < 0 || value > MOST_STALE_MS)
      throw invalid("limits.staleMs", value, `a whole number from 0 to ${MOST_STALE_MS}`);
  } else if (!Number.isSafeInteger(value) || value < 1) {
    throw invalid(`limits.${name}`, value, "a positive whole number");
  }
}
