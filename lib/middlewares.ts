import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from "express";
import { ConfigurationError } from "./denial";
import { exchangeOf, type Exchange, type State } from "./exchange";
import { worksOf, type Gate } from "./gate";
import { hostError } from "./http/host-error";
import { closeExchange } from "./open-exchange";
import { recordHostsAnswer, refuse } from "./refuse";
import { answerBehind, answerModels, concluded, type Works } from "./serve";
import { listsModels } from "./stages/list-models";
import { takeUp } from "./take-up";

type At<Name extends State["at"]> = Extract<State, { at: Name }>;

/** Finds out who is asking; what is outside the prefix passes by. First of the single middlewares. */
export function authenticate(gate: Gate): RequestHandler {
  const works = worksOf(gate);
  return function authenticateCall(req, res, next) {
    const exchange = takeUp(works.core, req, res);
    if (exchange === null) return next();
    res.once("finish", () => recordHostsAnswer(works.core, exchange));
    step(exchange, next, async () => {
      exchange.state = { at: "authenticated", call: await works.stages.authenticate(exchange.state.call, exchange) };
    });
  };
}

/** Endpoint, key access, the host's `admit`, the body, models and response ids; lists models itself. */
export function entitle(gate: Gate): RequestHandler {
  return stage(gate, "entitle", "authenticated", async ({ stages }, exchange, state) => {
    const admitted = await stages.admit(state.call, exchange);
    exchange.state = { at: "entitled", call: await stages.entitle(admitted) };
  });
}

/** Refuses tools to Ask-Mode-Only callers. */
export function askMode(gate: Gate): RequestHandler {
  return stage(gate, "askMode", "entitled", async ({ stages }, exchange, state) => {
    exchange.state = { at: "asked", call: await stages.askMode(state.call) };
  });
}

/** Applies the DLP policy to what goes out; the answer's policy is applied by `record`. */
export function inspect(gate: Gate): RequestHandler {
  return stage(gate, "inspect", "asked", async ({ stages }, exchange, state) => {
    exchange.state = { at: "inspected", call: await stages.inspect(state.call) };
  });
}

/** Writes the intent, hands on, inspects and records the answer. Last before the handler. */
export function record(gate: Gate): RequestHandler {
  const works = worksOf(gate);
  return function recordCall(req, _res, next) {
    const exchange = exchangeOf(req);
    if (exchange === undefined) return next();
    const { state } = exchange;
    if (state.at !== "inspected") return next(outOfOrder("record", "inspected", state.at));
    exchange.withHost = false;
    const work = listsModels(state.call) ? answerModels : answerBehind;
    void concluded(works.core, exchange, () => work(works, exchange, state.call, next));
  };
}

/** Answers what any stage, or the host's own handler, passed on as an error; last of all, behind the handlers. */
export function formatErrors(gate: Gate): ErrorRequestHandler {
  const { core } = worksOf(gate);
  return function formatError(error: unknown, req: Request, _res: Response, next: NextFunction) {
    const exchange = exchangeOf(req);
    if (exchange === undefined) return next(error);
    if (exchange.tap) return exchange.tap.fail(hostError(error));
    void refuse(core, exchange, error).finally(() => closeExchange(core, exchange));
  };
}

function stage<Name extends State["at"]>(
  gate: Gate,
  name: string,
  needs: Name,
  run: (works: Works, exchange: Exchange, state: At<Name>) => Promise<void>,
): RequestHandler {
  const works = worksOf(gate);
  return function runStage(req, _res, next) {
    const exchange = exchangeOf(req);
    if (exchange === undefined) return next();
    const { state } = exchange;
    if (!isAt(state, needs)) return next(outOfOrder(name, needs, state.at));
    step(exchange, next, () => run(works, exchange, state));
  };
}

function isAt<Name extends State["at"]>(state: State, at: Name): state is At<Name> {
  return state.at === at;
}

/** Errors go to `formatErrors`, as Express passes them. Whatever comes next, the host may answer first. */
function step(exchange: Exchange, next: NextFunction, work: () => Promise<void>): void {
  exchange.withHost = false;
  void work()
    .finally(() => (exchange.withHost = true))
    .then(() => next(), next);
}

function outOfOrder(name: string, needs: string, found: string): ConfigurationError {
  return new ConfigurationError(
    "stage_order",
    `${name}() ran on a call that is "${found}"; it needs "${needs}". Mount in order: authenticate, entitle, askMode, inspect, record, your handlers, formatErrors.`,
  );
}
