import { ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Denial } from "../denial";
import type { ErrorForm, Protocol } from "../ports/protocol";
import { holdContinue } from "./expect-continue";
import { publicError } from "./public-error";
import { errorAnswer } from "./respond";
import { rawResponse } from "./raw-response";

/** What a server's events need of the gate. */
export interface ServerGuard {
  /** The dialect where no path is known. */
  readonly protocol: Protocol;
  readonly errorForm: ErrorForm;
  /** Whether a request is below the guarded prefix. */
  isGuarded(req: IncomingMessage): boolean;
  /** Whether a call is under way on this socket, whose answer an error would tear. */
  isBusy(socket: Duplex): boolean;
  /** An id for a request that never became one. */
  requestId(): string;
  /** Resolves when the refusal of an unreadable request is on record. */
  recordUnreadable(denial: Denial, requestId: string, socket: Duplex): Promise<void>;
}

const PARSER_CODES: ReadonlyMap<string, () => Denial> = new Map([
  ["HPE_HEADER_OVERFLOW", () => new Denial("headers_too_large", { reason: "parser" })],
  ["ERR_HTTP_REQUEST_TIMEOUT", () => new Denial("request_timeout", { reason: "parser" })],
]);

/** The gates of each server. They share one set of listeners: two would answer twice. */
const guardsOf = new WeakMap<Server, ServerGuard[]>();

/**
 * Takes care of what never reaches Express: requests that Node's parser refuses, WebSocket upgrades that the host's own
 * `upgrade` listener would otherwise take, and `Expect: 100-continue`, which is answered only after the key check.
 */
export function guardServer(server: Server, guard: ServerGuard): void {
  const known = guardsOf.get(server);
  if (known) return void known.push(guard);
  const guards = [guard];
  guardsOf.set(server, guards);
  const isGuarded = (req: IncomingMessage): boolean => guards.some((one) => one.isGuarded(req));
  const isBusy = (socket: Duplex): boolean => guards.some((one) => one.isBusy(socket));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // No path is known, so the first gate speaks for all.
    if (error.code === "ECONNRESET" || !socket.writable || isBusy(socket)) socket.destroy(error);
    else void answerUnreadable(error, socket, guard);
  });
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => {
    if (isGuarded(req)) holdContinue(req);
    else res.writeContinue();
    server.emit("request", req, res);
  });
  interceptUpgrades(server, isGuarded);
}

async function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex, guard: ServerGuard): Promise<void> {
  const denial = PARSER_CODES.get(error.code ?? "")?.() ?? new Denial("invalid_request", { reason: "parser" });
  const requestId = guard.requestId();
  const answered = await guard.recordUnreadable(denial, requestId, socket).then(
    () => denial,
    (unrecorded: unknown) => (unrecorded instanceof Denial ? unrecorded : denial),
  );
  socket.end(rawResponse(errorAnswer(publicError(answered), guard.protocol, guard.errorForm), requestId));
}

/** Listeners of the host, whenever they are added, never see an upgrade below the prefix: it is answered as a request. */
function interceptUpgrades(server: Server, isGuarded: (req: IncomingMessage) => boolean): void {
  const emit = server.emit.bind(server);
  server.emit = function emitUnlessGuarded(event: string, ...args: unknown[]): boolean {
    const [req, socket] = args as [IncomingMessage, Socket];
    if (event !== "upgrade" || !isGuarded(req)) return emit(event, ...args);
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket);
    res.once("finish", () => socket.end());
    return emit("request", req, res);
  };
}
