/**
 * How many calls lie in a trail otherwise than they were made: a call's end before its beginning, or a caller's call before
 * the end of the one that was answered to it before. A stream's end may reach its caller before the record of it is made, and
 * the end of a call whose answer was withheld is recorded when that can be done.
 */
exports.callsOutOfOrder = function callsOutOfOrder(records, calls) {
  const places = new Map(records.map(({ kind, requestId }, place) => [`${kind} ${requestId}`, place]));
  const placeOf = (kind, call) => places.get(`${kind} ${call.requestId}`);
  const isInverted = (first, then) => first !== undefined && then !== undefined && first > then;
  return calls.filter((call) => {
    const next = calls.find(({ caller, turn }) => caller === call.caller && turn === call.turn + 1);
    const end = placeOf("completion", call);
    const isEnded = call.status === 200 && call.whole && !call.stream;
    const isOvertaken = next !== undefined && isEnded && isInverted(end, placeOf("intent", next));
    return isOvertaken || isInverted(placeOf("intent", call), end);
  }).length;
};
