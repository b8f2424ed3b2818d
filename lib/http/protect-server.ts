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

/**
 * Takes care of what never reaches Express: requests that Node's parser refuses, WebSocket upgrades that the host's own
 * `upgrade` listener would otherwise take, and `Expect: 100-continue`, which is answered only after the key check.
 */
export function guardServer(server: Server, guard: ServerGuard): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => void answerUnreadable(error, socket, guard));
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => {
    if (guard.isGuarded(req)) holdContinue(req);
    else res.writeContinue();
    server.emit("request", req, res);
  });
  interceptUpgrades(server, guard);
}

async function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex, guard: ServerGuard): Promise<void> {
  if (error.code === "ECONNRESET" || !socket.writable || guard.isBusy(socket)) {
    socket.destroy(error);
    return;
  }
  const denial = PARSER_CODES.get(error.code ?? "")?.() ?? new Denial("invalid_request", { reason: "parser" });
  const requestId = guard.requestId();
  const answered = await guard.recordUnreadable(denial, requestId, socket).then(
    () => denial,
    (unrecorded: unknown) => (unrecorded instanceof Denial ? unrecorded : denial),
  );
  socket.end(rawResponse(errorAnswer(publicError(answered), guard.protocol, guard.errorForm), requestId));
}

/** Listeners of the host, whenever they are added, never see an upgrade below the prefix: it is answered as a request. */
function interceptUpgrades(server: Server, guard: ServerGuard): void {
  const emit = server.emit.bind(server);
  server.emit = function emitUnlessGuarded(event: string, ...args: unknown[]): boolean {
    const [req, socket] = args as [IncomingMessage, Socket];
    if (event !== "upgrade" || !guard.isGuarded(req)) return emit(event, ...args);
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket);
    res.once("finish", () => socket.end());
    return emit("request", req, res);
  };
}
