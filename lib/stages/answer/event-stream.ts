const OPENING_BRACE = 0x7b;
/** Fields of the format, and a comment. */
const BEGINNING = /^\ufeff?[\r\n]*(?:(?:data|event|id|retry):|:)/;
const JSON_DATA = /^(?:\ufeff)?data: ?[{[]/m;
/** Whoever sends a stream says something of it by then. */
const LOOKED_AT = 65_536;

/**
 * Whether a body is a stream of events, whatever its content type says. Clients that asked for a stream read it as one
 * without looking at the type, which many servers leave out.
 */
export function isEventStream(body: Uint8Array): boolean {
  // Nearly every answer, of whatever length.
  if (body[0] === OPENING_BRACE) return false;
  const beginning = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, LOOKED_AT)).toString("utf8");
  return BEGINNING.test(beginning) && JSON_DATA.test(beginning);
}
