import type { Route } from "../call";
import { ConfigurationError, Denial } from "../denial";
import type { Operation, Protocol } from "../ports/protocol";
import { guardedArea, type GuardedArea } from "./guarded-area";
import { pathMatcher, type PathMatch, type PathMatcher } from "./match-path";
import { isPlainPath } from "./plain-path";
import { splitTarget } from "./request-target";

/** Where a request below the guarded prefix was meant to go, and in which dialect it is answered. */
export interface Routed {
  readonly protocol: Protocol;
  readonly route: Route;
  /** Canonical, with the prefix, without the query; of refused paths at most 256 characters as received. */
  readonly path: string;
  /** Below the prefix, with the query as received. */
  readonly target: string;
}

export interface RouterOptions {
  /** `/v1`, `/llm/v1`. */
  readonly prefix: string;
  /** The first one's dialect is spoken where no other is nearer. */
  readonly protocols: readonly Protocol[];
  /** The host's own paths below the prefix, in full. */
  readonly unguarded: readonly string[];
  /** Who lists models: all protocols share those paths. Default: with `anthropic-version`, the protocol of `/messages`. */
  readonly modelsDialect?: (anthropicVersion: boolean) => Protocol;
}

/**
 * Judges method and request target as received (`req.originalUrl`). Null: none of the gate's business.
 * `upgrade`: the client asks for a WebSocket. `anthropicVersion`: the request carries that header.
 */
export type Router = (method: string, target: string, upgrade: boolean, anthropicVersion: boolean) => Routed | null;

const MODELS = "/models";
const RECORDED_PATH_LIMIT = 256;

/** What the gate answers itself, on every protocol's behalf. */
export const MODEL_OPERATIONS: readonly Operation[] = Object.freeze([
  { id: "models.list", method: "GET", path: MODELS, body: "none" },
  { id: "models.list", method: "HEAD", path: MODELS, body: "none" },
  { id: "models.get", method: "GET", path: `${MODELS}/{+id}`, body: "none" },
  { id: "models.get", method: "HEAD", path: `${MODELS}/{+id}`, body: "none" },
]);

type Dialect = (anthropicVersion: boolean) => Protocol;

/** Throws ConfigurationError for a prefix, protocols or `unguarded` entries that cannot be meant. */
export function createRouter(options: RouterOptions): Router {
  const { protocols } = options;
  const first = protocols[0];
  if (!first) throw new ConfigurationError("no_protocols", "protocols: is empty. Name at least one protocol.");
  const area = guardedArea(options.prefix, options.unguarded);
  const modelsDialect = options.modelsDialect ?? defaultModelsDialect(first, protocols);
  const match = pathMatcher<Dialect>([
    { owner: modelsDialect, operations: MODEL_OPERATIONS },
    ...protocols.map((protocol) => ({ owner: () => protocol, operations: protocol.operations })),
  ]);
  const nearest = nearestDialect(modelsDialect, protocols, first);
  refuseUnguardedOperations(area, match, protocols, options.unguarded);

  return (method, target, upgrade, anthropicVersion) => {
    const { path, query, odd } = splitTarget(target);
    const below = area.below(path);
    const matched = below === null ? null : match(below);
    if (matched) return routed(area, matched, { method, query, upgrade, anthropicVersion });
    if (below === null ? !area.looksBelow(path, odd) : area.isUnguarded(path)) return null;
    const protocol = nearest(area.plainBelow(path))(anthropicVersion);
    const reason = isPlainPath(path) ? "unlisted_endpoint" : "noncanonical_path";
    const recorded = path.slice(0, RECORDED_PATH_LIMIT);
    return {
      protocol,
      route: { denial: new Denial("unknown_endpoint", { reason }) },
      path: recorded,
      target: recorded,
    };
  };
}

interface Asked {
  readonly method: string;
  readonly query: string;
  readonly upgrade: boolean;
  readonly anthropicVersion: boolean;
}

function routed(area: GuardedArea, matched: PathMatch<Dialect>, asked: Asked): Routed {
  return {
    protocol: matched.owner(asked.anthropicVersion),
    route: chooseOperation(matched, asked),
    path: area.prefix + matched.canonical,
    target: matched.canonical + asked.query,
  };
}

function chooseOperation({ operations, params }: PathMatch<Dialect>, { method, upgrade }: Asked): Route {
  if (upgrade) return { denial: new Denial("upgrade_required", { reason: "upgrade" }) };
  const operation = operations.find((candidate) => candidate.method === method);
  if (operation) return { operation, params };
  const headers = { Allow: operations.map((candidate) => candidate.method).join(", ") };
  return { denial: new Denial("method_not_allowed", { reason: "method", headers }) };
}

function defaultModelsDialect(first: Protocol, protocols: readonly Protocol[]): Dialect {
  const withVersion = protocols.find(({ prefixes }) => prefixes.includes("/messages")) ?? first;
  return (anthropicVersion) => (anthropicVersion ? withVersion : first);
}

/** By the longest prefix that a path starts with. */
function nearestDialect(
  modelsDialect: Dialect,
  protocols: readonly Protocol[],
  first: Protocol,
): (below: string) => Dialect {
  const dialects: { readonly prefix: string; readonly dialect: Dialect }[] = [
    { prefix: MODELS, dialect: modelsDialect },
    ...protocols.flatMap((protocol) => protocol.prefixes.map((prefix) => ({ prefix, dialect: () => protocol }))),
  ];
  dialects.sort((one, other) => other.prefix.length - one.prefix.length);
  return (below) => dialects.find(({ prefix }) => `${below}/`.startsWith(`${prefix}/`))?.dialect ?? (() => first);
}

/** An entry may not open what the table guards: that would fail open by accident. */
function refuseUnguardedOperations(
  area: GuardedArea,
  match: PathMatcher<Dialect>,
  protocols: readonly Protocol[],
  unguarded: readonly string[],
): void {
  const listed = [...MODEL_OPERATIONS, ...protocols.flatMap(({ operations }) => operations)];
  for (const entry of unguarded) {
    const below = (area.below(entry) ?? "").toLowerCase().replace(/\/$/, "");
    const opened = listed.find(({ path }) => path.toLowerCase().startsWith(`${below}/`));
    if (!opened && !match(below)) continue;
    throw new ConfigurationError(
      "invalid_unguarded",
      `unguarded: ${JSON.stringify(entry)} would leave ${area.prefix}${opened?.path ?? below} open. Name only paths of the host's own.`,
    );
  }
}
