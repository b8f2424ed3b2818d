import type { HeaderLines } from "../answer";
import type { JsonDocument } from "../http/strict-json";
import type { JsonPath, JsonValue } from "../json";
import type { CatalogueModel } from "../policy/domain";
import type { PublicError } from "../http/public-error";
import type { SseEvent } from "../http/sse";

/** One method on one path of a protocol. The table of these is closed: what is not listed is 404 or 405. */
export interface Operation {
  /** As on record: `chat.create`, `responses.cancel`. */
  readonly id: string;
  readonly method: string;
  /** Below the prefix; `{name}` stands for one path segment: `/responses/{id}/cancel`. */
  readonly path: string;
  /** `prompt`: a JSON body that is entitled and inspected. `none`: no body is read or sent. */
  readonly body: "prompt" | "none";
  /** The path's `{id}` is a response id and belongs to whoever made it. */
  readonly ownedBy?: "response";
}

/** Who said it; what DLP and coverage tables call the place. */
export type TextRole = "system" | "user" | "assistant" | "tool" | "definition" | "unknown";

/** One piece of human text in a body. */
export interface TextSpan {
  /** Where the string is in the document. */
  readonly path: JsonPath;
  readonly role: TextRole;
  readonly text: string;
  /** False where text may be scanned and not changed: names, schemas, signed thinking, unknown blocks. */
  readonly rewritable: boolean;
  /** The text is JSON in a string (tool arguments): a replacement is escaped for JSON. */
  readonly json?: boolean;
  /** The value at `path` is no string: the text is its JSON, and so is what takes its place. Always with `json`. */
  readonly structured?: true;
  /** The text is the names of members in the object at `path`, U+0000 between them; never rewritable. */
  readonly names?: true;
}

/** A part that cannot be read as text. */
export interface OpaquePart {
  readonly path: JsonPath;
  /** Images, encrypted reasoning and encoded text that is too long to read pass by default; documents and audio do not. */
  readonly kind: "image" | "encrypted_reasoning" | "encoded_text" | "document" | "audio" | "file";
}

/** What a body asks for, read once. Nothing later looks into the body by protocol. */
export interface Prompt {
  /** Null where the operation may leave it out. */
  readonly model: string | null;
  readonly stream: boolean;
  readonly spans: readonly TextSpan[];
  readonly opaque: readonly OpaquePart[];
  /** Ids of earlier state that this call goes on from: `previous_response_id`, `conversation`. */
  readonly continues: readonly { readonly field: string; readonly id: string }[];
  /** True when the answer may be stored and read back by id. */
  readonly stored: boolean;
}

/** A place in a request that Ask Mode does not let pass. */
export interface ToolRequest {
  readonly path: JsonPath;
  /** The type of tool or item where it has one: what `askMode.allowTools` is matched against. */
  readonly type: string | null;
}

export interface ErrorForm {
  readonly unauthorized: "plain" | "typed";
}

export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/** What one answer, or one event of a stream, contains. */
export interface AnswerContent {
  readonly spans: readonly AnswerSpan[];
  /** Tool calls asked for by the model: their types. */
  readonly toolCalls: readonly string[];
  readonly usage: Usage | null;
  /** The id by which the answer can be asked for again. */
  readonly responseId: string | null;
}

export interface AnswerSpan extends TextSpan {
  /**
   * Deltas of one channel are one text, joined in order: `choices/0/content`. Absent: the span is a whole text of its own
   * (a JSON answer, or the copy that a closing event repeats).
   */
  readonly channel?: string;
  /** Arrays that repeat the text in pieces (`logprobs`): emptied where the text is changed. */
  readonly repeatedAt?: readonly JsonPath[];
}

export interface EventContent extends AnswerContent {
  /** `end`: the dialect's clean last event. `error`: the upstream said it failed. */
  readonly terminal: "end" | "error" | null;
  /** Channels that are over with this event, or what they are below: `choices/0`. A terminal event ends all. */
  readonly ends?: readonly string[];
  /** A client may read no further after it: whatever came before goes out before. */
  readonly last?: true;
}

/** One stream's reader and writer of events. It sees every event in order and keeps what an ending needs (id, sequence number, open blocks). */
export interface SseSession {
  /** `data` is the event's parsed JSON, or null (`[DONE]`, comments, not JSON). */
  read(event: SseEvent, data: JsonValue | null): EventContent;
  /** The events of a stream that fails now. `afterUpstreamError`: its own error event is out already, only the tail is owed. */
  fail(error: PublicError, afterUpstreamError: boolean): readonly SseEvent[];
  /**
   * The dialect's content-filter ending for a stream that policy withholds from here on; open blocks of text are closed, tool
   * calls are not, since clients act on a closed one. The event read last is taken as not sent.
   * `nothingSent`: the stream was collected first and none of it has left, so that the ending opens the stream as well.
   */
  withhold(nothingSent?: boolean): readonly SseEvent[];
}

/** How answers of one protocol are read, ended and withheld. */
export interface ResponseCodec {
  readJson(value: JsonValue): AnswerContent;
  /** The dialect's content-filter answer in place of `value`, no text or tool call left in it. */
  withholdJson(value: JsonValue): JsonValue;
  openSse(): SseSession;
  /** What a client gets to hear while text is held, and takes for nothing. */
  readonly keepAlive: SseEvent;
  /** Deltas of different channels may change places: nothing numbers the events, and no event ends a text before its answer ends. */
  readonly interleaves?: boolean;
}

/** A module that knows one wire dialect. Pure; throws Denials only (`invalid_body`, `unsupported_parameter`). */
export interface Protocol {
  /** `chat`, `responses`, `messages`: as in configuration, on record and on the command line. */
  readonly name: string;
  /** Path prefixes, below the guarded prefix, whose errors speak this dialect. */
  readonly prefixes: readonly string[];
  readonly operations: readonly Operation[];
  parse(body: JsonDocument, operation: Operation): Prompt;
  /** Everything in the request by which the model could act, or that is not known to be harmless. */
  toolRequests(body: JsonDocument, operation: Operation): readonly ToolRequest[];
  /** Whether Ask Mode is enforced without being asked to. */
  readonly askModeByDefault: boolean;
  /** Top-level members cut before forwarding unless the operator says otherwise. */
  readonly removedMembers: readonly string[];
  formatError(error: PublicError, form: ErrorForm): { readonly headers: HeaderLines; readonly body: string };
  /** The dialect's list of models, and one entry of it. */
  formatModels(models: readonly CatalogueModel[]): JsonValue;
  formatModel(model: CatalogueModel): JsonValue;
  readonly response: ResponseCodec;
}
