import { pipeline, type Readable } from "node:stream";
import { openDecoder, type ContentCoding } from "./decoder";
import { emptyAnswer, malformed, upstreamFailure } from "./failure";

/** A few kilobytes can unfold without end; no coded answer of a model comes near this. */
const DECODED_LIMIT = 16 * 1024 * 1024;

/**
 * The body, pulled: while nobody asks for more the socket is not read. It throws a Denial when the provider breaks off,
 * goes silent or sent nothing at all, and `signal`'s reason once that aborted. Given back early, it ends the exchange.
 */
export function answerBody(
  received: Readable,
  coding: ContentCoding | null,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const source = coding === null ? received : decoded(received, coding);
  const chunks = pull(source, coding === null ? Infinity : DECODED_LIMIT, signal);
  const iterator: AsyncIterator<Uint8Array> = {
    next: () => chunks.next(),
    // A generator that was never started would skip its own clean-up.
    return: () => {
      source.destroy();
      received.destroy();
      return chunks.return();
    },
  };
  return Object.freeze({ [Symbol.asyncIterator]: () => iterator });
}

async function* pull(source: Readable, limit: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > limit) throw malformed("decoded body too large");
      yield chunk;
    }
  } catch (error) {
    throw upstreamFailure(error, signal);
  }
  if (length === 0) throw emptyAnswer("no body");
}

/** Errors of either stream destroy both and reach the reader of the decoder. */
function decoded(received: Readable, coding: ContentCoding): Readable {
  return pipeline(received, openDecoder(coding), () => undefined);
}
