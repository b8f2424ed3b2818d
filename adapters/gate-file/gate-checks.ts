import { checkRealm } from "../../lib/auth/challenge";
import { ConfigurationError } from "../../lib/denial";
import { guardedArea } from "../../lib/http/guarded-area";
import { entriesAt, type Entry } from "../policy/entries";
import type { Problem } from "../policy/problem";
import { suggestion } from "../policy/strict-object";
import { readOptions, type HttpUpstreamOptions } from "../upstreams/http/options";
import { detectorProblems } from "./detector-checks";
import { sinkProblems } from "./sink-checks";
import { busProblems, checkpointProblems, saidBy, storeProblems } from "./store-checks";

/** What the keys of a gate file must be to each other. Reads whatever is there, so that one mistake does not hide another. */
export function gateChecks(root: unknown): readonly Problem[] {
  return [
    storeProblems,
    busProblems,
    checkpointProblems,
    sinkProblems,
    detectorProblems,
    defaultProblems,
    upstreamProblems,
    routeProblems,
  ].flatMap((check) => check(root));
}

function defaultProblems(root: unknown): readonly Problem[] {
  return entriesAt(root, ["upstreams"]).flatMap(({ path, value }) => {
    const wanted = value["default"];
    const known = [ECHO, ...Object.keys(value).filter((name) => name !== "default")];
    if (typeof wanted !== "string" || known.includes(wanted)) return [];
    const sentence = `there is no upstream ${JSON.stringify(wanted)}; ${suggestion(wanted, known)}`;
    return [{ path: [...path, "default"], sentence }];
  });
}

/** Where the gate stands, and what it calls itself. */
function routeProblems(root: unknown): readonly Problem[] {
  return entriesAt(root, []).flatMap(({ value: { prefix, realm } }) => [
    ...(isText(prefix) ? saidBy(() => guardedArea(prefix, []), { path: ["prefix"] }) : []),
    ...(isText(realm) ? saidBy(() => checkRealm(realm), { path: ["realm"] }) : []),
  ]);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** By the rules of the upstream itself. What is missing or no text is the schema's business. */
function upstreamProblems(root: unknown): readonly Problem[] {
  return entriesAt(root, ["upstreams"]).flatMap(({ path, value }) =>
    Object.keys(value)
      .filter((name) => name !== "default")
      .flatMap((name) => entriesAt(value, [name]))
      .flatMap((entry) => unusable({ path: [...path, ...entry.path], value: entry.value })),
  );
}

function unusable({ path, value }: Entry): readonly Problem[] {
  const name = String(path.at(-1));
  const { baseUrl, apiKey } = value;
  if (typeof baseUrl !== "string" || typeof apiKey !== "string" || baseUrl === "" || apiKey === "") return [];
  try {
    readOptions({ name, baseUrl, apiKey } satisfies HttpUpstreamOptions);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const words = error.message.replace(/^httpUpstream\(\) /, "").replace(/\.$/, "");
    return [{ path, sentence: `the upstream ${JSON.stringify(name)} ${words}` }];
  }
}

/** The embedded upstream that needs nothing. */
export const ECHO = "echo";
