export { authenticate, askMode, entitle, formatErrors, inspect, record } from "./middlewares";
export { clearedCall, type ClearedCallView } from "./cleared-call";
export { ConfigurationError, Denial, type DenialCode, type RefusalReason } from "./denial";
export type { DenialOptions } from "./denial-options";
export { createGate, type Gate } from "./gate";
export { requireGate } from "./require-gate";
export { keepRawBody } from "./http/keep-raw-body";
export { firstPresented } from "./auth/first-presented";
export { createPeppers, type PepperOptions, type Peppers } from "./keys/pepper";
export { KEY_PATTERN } from "./keys/key-format";
export type { Bindings } from "./core";
export type { GateOptions, Release } from "./options";
export type { Health } from "./life";
export type { Answer, HeaderLines } from "./answer";
export type { AuthenticatedCall, Call, ClearedCall, CredentialForm, EntitledCall } from "./call";
export type { AuditEvent, AuditRecord, DlpReport, Outcome, RecordKind } from "./audit/record";
export type { InspectedText } from "./dlp/inspect-text";
export type { AllowList, CustomRule, Direction, DlpAction, DlpPolicy, EntityRule } from "./dlp/policy";
export type { Grant } from "./policy/combine-grants";
export type {
  Catalogue,
  CatalogueModel,
  Group,
  Organization,
  Principal,
  Role,
  User,
  UserStatus,
} from "./policy/domain";
export type { AuditLog, AuditQuery, ChainHead, StoredRecord } from "./ports/audit-log";
export type { AuditObserver, AuditSink, BatchLimits } from "./ports/audit-sink";
export type { Bus } from "./ports/bus";
export type { Clock, RandomBytes } from "./ports/clock";
export type { Detector, Finding } from "./ports/detector";
export type { Logger } from "./ports/logger";
export type { Operation, Prompt, Protocol, ResponseCodec, SseSession, TextSpan } from "./ports/protocol";
export type { LedgerEntry, ResponseLedger } from "./ports/response-ledger";
export type { KeySnapshot, Store, StoredKey } from "./ports/store";
export type { SinkHealth } from "./sinks/standing";
export { SinkTrouble, type SinkTroubleOptions } from "./sinks/sink-trouble";
export type { Upstream } from "./ports/upstream";
