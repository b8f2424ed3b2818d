import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Question {
  readonly text: string | readonly string[];
  readonly language: string;
  readonly entities: readonly string[];
  readonly score_threshold: number;
}

/** Answers `POST /analyze` in place of the small recogniser. */
export type Misbehaviour = (res: ServerResponse, question: Question) => void;

/** A server that speaks the analyzer's published API, finds a few names, and counts in code points as Python does. */
export interface PresidioServer {
  readonly url: string;
  readonly questions: readonly Question[];
  /** Connections that were ever opened, and questions at a time at most. */
  readonly seen: { connections: number; atOnce: number };
  readonly headers: readonly http.IncomingHttpHeaders[];
  /** From now on, until null. */
  misbehave(how: Misbehaviour | null): void;
  /** What it says that it can find. */
  supports(entities: readonly string[]): void;
  close(): Promise<void>;
}

const RECOGNISED: readonly (readonly [entity: string, pattern: RegExp])[] = [
  ["PERSON", /Ada Lovelace|Zoë 𝒜str|李小龍/gu],
  ["LOCATION", /Timbuktu/gu],
  ["LOW", /maybe/gu],
];
const ALL = ["PERSON", "LOCATION", "NRP", "DATE_TIME", "LOW"];

export async function presidioServer(): Promise<PresidioServer> {
  const questions: Question[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const seen = { connections: 0, atOnce: 0 };
  let running = 0;
  let misbehaviour: Misbehaviour | null = null;
  let supported = ALL;

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? "", "http://h");
    if (pathname === "/health") return void res.end("Presidio Analyzer service is up");
    if (pathname === "/supportedentities")
      return answer(res, searchParams.get("language") === "en" ? supported : { error: "no such language" });
    const question = JSON.parse(await bodyOf(req)) as Question;
    questions.push(question);
    headers.push(req.headers);
    seen.atOnce = Math.max(seen.atOnce, (running += 1));
    res.once("close", () => (running -= 1));
    if (misbehaviour !== null) return misbehaviour(res, question);
    setTimeout(() => answer(res, analyzed(question)), 5);
  }

  const server = http.createServer((req, res) => void serve(req, res));
  server.on("connection", () => (seen.connections += 1));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ questions, headers, seen },
    misbehave: (how) => void (misbehaviour = how),
    supports: (entities) => void (supported = [...entities]),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function analyzed(question: Question): unknown {
  const { text } = question;
  return typeof text === "string" ? found(text, question) : text.map((one) => found(one, question));
}

function found(text: string, { entities, score_threshold }: Question): readonly object[] {
  return RECOGNISED.filter(([entity]) => entities.includes(entity)).flatMap(([entity_type, pattern]) =>
    [...text.matchAll(pattern)].flatMap(({ 0: match, index }) => {
      const start = [...text.slice(0, index)].length;
      const score = entity_type === "LOW" ? 0.3 : 0.85;
      const finding = { analysis_explanation: null, end: start + [...match].length, entity_type, score, start };
      return score < score_threshold ? [] : [finding];
    }),
  );
}

export function answer(res: ServerResponse, value: unknown, status = 200): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
