import type { KeptText } from "../../audit/content/kept-texts";
import type { TokenVault } from "../../dlp/tokens";
import type { SseEvent } from "../../http/sse";
import type { JsonValue } from "../../json";
import type { AnswerSpan, ResponseCodec } from "../../ports/protocol";
import { spansOfEvent } from "../inspect-answer";

/** Reads what is delivered as its client does: whatever was not sent, or sent in another form, is not in it. Tokens that gave way to values stand where they stood. */
export interface KeptAnswer {
  /** An event as it was sent. */
  event(event: SseEvent): void;
  /** A whole answer as it will be sent. */
  whole(bytes: Uint8Array, json: boolean): void;
  texts(): readonly KeptText[];
}

interface Piece {
  readonly role: string;
  text: string;
  /** UTF-16 characters, those that were not kept as well. */
  length: number;
}

/** What comes in more pieces than these is counted, and not kept. */
const MOST_PIECES = 1_000;

/** Holds about `limit` characters. `tokens`: what was put back in the answer, absent where nothing can be. */
export function keepAnswer(codec: ResponseCodec, limit: number, tokens?: Pick<TokenVault, "hide">): KeptAnswer {
  const session = codec.openSse();
  const channels = new Map<string, Piece>();
  const wholes: Piece[] = [];
  const further: Piece = { role: "unknown", text: "", length: 0 };
  let left = limit;

  function add(piece: Piece, text: string): void {
    const room = piece === further ? "" : text.slice(0, left);
    piece.text += room;
    piece.length += text.length;
    left -= room.length;
  }

  function pieceOf({ channel, role }: AnswerSpan): Piece {
    const begun = channel === undefined ? undefined : channels.get(channel);
    if (begun !== undefined) return begun;
    if (channels.size + wholes.length >= MOST_PIECES) return further;
    const piece = { role, text: "", length: 0 };
    if (channel === undefined) wholes.push(piece);
    else channels.set(channel, piece);
    return piece;
  }

  function take(span: AnswerSpan): void {
    const { text, channel } = span;
    if (text === "" || (channel === undefined && isCopy([...channels.values(), ...wholes], text))) return;
    add(pieceOf(span), text);
  }

  return Object.freeze({
    event(event: SseEvent): void {
      const data = event.data === null ? null : parsedOrNull(event.data);
      spansOfEvent({ event, data, content: session.read(event, data) }).forEach(take);
    },
    whole(bytes: Uint8Array, json: boolean): void {
      wholeSpans(codec, bytes, json).forEach(take);
    },
    texts: () =>
      [...channels.values(), ...wholes, ...(further.length > 0 ? [further] : [])].map((piece) =>
        keptText(piece, tokens),
      ),
  });
}

function wholeSpans(codec: ResponseCodec, bytes: Uint8Array, json: boolean): readonly AnswerSpan[] {
  const text = Buffer.from(bytes).toString("utf8");
  const value = json ? parsedOrNull(text) : null;
  return value === null ? [{ path: [], role: "unknown", text, rewritable: false }] : codec.readJson(value).spans;
}

/** Closing events repeat what was streamed. */
function isCopy(pieces: readonly Piece[], text: string): boolean {
  return pieces.some((piece) => piece.length === text.length && text.startsWith(piece.text));
}

function keptText({ role, text: delivered, length }: Piece, tokens?: Pick<TokenVault, "hide">): KeptText {
  const cut = length !== delivered.length;
  const text = tokens?.hide(delivered, cut) ?? delivered;
  return cut ? { role, text, length } : { role, text };
}

function parsedOrNull(text: string): JsonValue | null {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
