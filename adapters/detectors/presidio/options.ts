import { closestName } from "../../../lib/closest-name";
import { ConfigurationError } from "../../../lib/denial";
import type { HeaderLines } from "../../../lib/answer";

export interface PresidioOptions {
  /** Where the analyzer listens: `http://127.0.0.1:5002`; a path is kept and `/analyze` put behind it. */
  readonly url: string;
  /** The language of the texts, as the analyzer was set up for it. Default `en`. */
  readonly language?: string;
  /**
   * What to look for, by the analyzer's names, or those names with what policies call them: `{ LOC: "LOCATION" }`.
   * Default: PERSON, LOCATION, NRP and DATE_TIME, which no pattern finds. What a policy does not name is not acted on.
   */
  readonly entities?: readonly string[] | Readonly<Record<string, string>>;
  /** What scores less is no finding; what scores as much or more is one, 0 to 1. Default 0.5. */
  readonly scoreThreshold?: number;
  /** Milliseconds that one question may take, waiting for its turn included. Default 1,500; the gate's own `dlp.budgetMs` bounds all of them. */
  readonly timeoutMs?: number;
  /** Questions that are asked at a time; each has a connection, which is kept open. Default 8. */
  readonly connections?: number;
  /** Texts of one call that are asked about at once. Default 64; 1 for analyzers that know no lists. */
  readonly batchSize?: number;
  /** Sent with every question: `{ authorization: "Bearer …" }` where something guards the analyzer. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PresidioSettings {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly path: string;
  readonly language: string;
  /** The analyzer's name → the policy's. */
  readonly entities: ReadonlyMap<string, string>;
  readonly scoreThreshold: number;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly batchSize: number;
  readonly headers: HeaderLines;
}

const LEGAL = [
  "url",
  "language",
  "entities",
  "scoreThreshold",
  "timeoutMs",
  "connections",
  "batchSize",
  "headers",
] as const satisfies readonly (keyof PresidioOptions)[];

const DEFAULT_ENTITIES = ["PERSON", "LOCATION", "NRP", "DATE_TIME"];
const LANGUAGE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*$/;
const ENTITY = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** Checks once, at construction; what headers hold is never quoted. Throws a ConfigurationError (`detector_options`). */
export function readPresidioOptions(options: PresidioOptions): PresidioSettings {
  refuseUnknownNames(options);
  const url = urlOf(options.url);
  return Object.freeze({
    origin: url.origin,
    path: url.pathname.replace(/\/+$/, ""),
    language: languageOf(options.language ?? "en"),
    entities: entitiesOf(options.entities ?? DEFAULT_ENTITIES),
    scoreThreshold: scoreOf(options.scoreThreshold ?? 0.5),
    timeoutMs: wholeNumber("timeoutMs", options.timeoutMs ?? 1_500, 2 ** 31 - 1),
    connections: wholeNumber("connections", options.connections ?? 8, 1_000),
    batchSize: wholeNumber("batchSize", options.batchSize ?? 64, 10_000),
    headers: headersOf(options.headers ?? {}),
  });
}

function refuseUnknownNames(options: object): void {
  for (const name of Object.keys(options)) {
    if (LEGAL.some((legal) => legal === name)) continue;
    const near = closestName(name, LEGAL);
    throw wrong(
      `has no option "${name}"; ${near === null ? `it takes ${LEGAL.join(", ")}` : `did you mean "${near}"`}`,
    );
  }
}

function urlOf(text: unknown): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw wrong('needs "url" as an absolute http or https URL, for example "http://127.0.0.1:5002"');
  if (url.username !== "" || url.password !== "")
    throw wrong('has a "url" with credentials in it; put them in "headers" and keep the URL bare');
  if (url.search !== "" || url.hash !== "") throw wrong('has a "url" with a query or fragment; write it without');
  return url;
}

function languageOf(language: unknown): string {
  if (typeof language === "string" && LANGUAGE.test(language)) return language;
  throw wrong('needs "language" as a code such as "en"');
}

function entitiesOf(entities: NonNullable<PresidioOptions["entities"]>): ReadonlyMap<string, string> {
  const pairs: readonly (readonly [string, unknown])[] = Array.isArray(entities)
    ? entities.map((name: unknown) => [String(name), name] as const)
    : Object.entries(entities);
  const bad = pairs.find((pair) => !pair.every((name) => typeof name === "string" && ENTITY.test(name)));
  if (pairs.length > 0 && bad === undefined) return new Map(pairs.map(([theirs, ours]) => [theirs, String(ours)]));
  throw wrong(
    `needs "entities" as names such as "PERSON", or as those with what policies call them${bad ? `; ${JSON.stringify(bad[0].slice(0, 64))} is none` : ""}`,
  );
}

function scoreOf(score: unknown): number {
  if (typeof score === "number" && score >= 0 && score <= 1) return score;
  throw wrong('needs "scoreThreshold" as a number from 0 to 1');
}

function wholeNumber(name: string, value: unknown, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw wrong(`needs "${name}" as a whole number between 1 and ${most}`);
}

function headersOf(headers: object): HeaderLines {
  return Object.entries(headers).map(([name, value]: [string, unknown]) => {
    if (HEADER_NAME.test(name) && typeof value === "string" && HEADER_VALUE.test(value)) return [name, value] as const;
    throw wrong('needs "headers" as names with values in printable ASCII; is the environment variable set?');
  });
}

function wrong(sentence: string): ConfigurationError {
  return new ConfigurationError("detector_options", `presidioDetector() ${sentence}.`);
}
