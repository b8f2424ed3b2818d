import type { HeaderLines } from "../../../lib/answer";

/** Of one connection only (RFC 9110, 7.6.1), and cookies, which are between the provider and this gate. */
const DROPPED = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "set-cookie",
  "set-cookie2",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const OF_THE_CODED_BYTES = ["content-encoding", "content-length"];

/** The provider's fields in their order, less those of the connection; `decoded`: less those that told of the coded bytes. */
export function answerHeaders(received: HeaderLines, decoded: boolean): HeaderLines {
  const dropped = new Set([...DROPPED, ...nominated(received), ...(decoded ? OF_THE_CODED_BYTES : [])]);
  return Object.freeze(received.filter(([name]) => !dropped.has(name.toLowerCase())));
}

/** What `Connection: close, X-Internal` names belongs to the connection as well. */
function nominated(received: HeaderLines): readonly string[] {
  return received
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.split(","))
    .map((name) => name.trim().toLowerCase());
}
