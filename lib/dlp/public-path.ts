import { formatPath, type JsonPath } from "../json";

/** Names of the wire formats are of letters and underscores; anything else may be a text of the caller's own. */
const WIRE_NAME = /^[A-Za-z_]{1,32}$/;

/** `messages[0].content[1].input.*`: a path as it may be shown and recorded, whatever member names a body makes up. */
export function publicPath(path: JsonPath): string {
  return formatPath(path.map((step) => (typeof step === "number" || WIRE_NAME.test(step) ? step : "*")));
}
