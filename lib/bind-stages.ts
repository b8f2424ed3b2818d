import type { AdmittedCall, ClearedCall } from "./call";
import type { Core } from "./core";
import type { Stages } from "./pipeline";
import { refuseAtDoor } from "./take-up";
import { admitCall } from "./stages/admit-call";
import { askMode, isAskModeBound, isToolFree, withholdsToolCalls, type AskModeOptions } from "./stages/ask-mode";
import type { AnswerDeps } from "./stages/answer/answer-call";
import { authenticate } from "./stages/authenticate";
import { entitle } from "./stages/entitle";
import { inspect } from "./stages/inspect";
import { showableName } from "./stages/showable-name";

const BODY_BYTES = 52_428_800;
const BODY_IDLE_MS = 30_000;
const ANSWER_BYTES = 16_777_216;

/** Gives every stage what it needs of one gate, once. */
export function bindStages(core: Core): Stages {
  const { options, engine, openVault, snapshots, recorder } = core;
  const { ledger } = options.store;
  const askModeOptions = askModeOptionsOf(core);
  const { bodyBytes = BODY_BYTES, bodyIdleMs = BODY_IDLE_MS } = options.limits ?? {};
  const authenticateDeps = { realm: options.realm ?? "llm-gate", grantOf: core.grants };
  const admitDeps = { bodyBytes, bodyIdleMs, admit: options.admit };
  const entitleDeps = {
    ledger,
    isToolFree,
    catalogueOf: snapshots.catalogue,
    isAskModeBound: (call: AdmittedCall) => isAskModeBound(call, askModeOptions),
    showable: (call: AdmittedCall, name: string) => showableName(call, name, engine),
  };
  const keepsTexts = core.content !== null;
  const inspectDeps = {
    engine,
    openVault,
    keepsTexts,
    ...(options.forward?.remove && { remove: options.forward.remove }),
  };
  return Object.freeze<Stages>({
    async authenticate(call, exchange) {
      await refuseAtDoor(core, exchange);
      exchange.verdict = await core.credentials.verifyPresented(exchange.req.rawHeaders);
      const authenticated = authenticate(call, exchange.verdict, authenticateDeps);
      core.uses.used(authenticated.principal.keyId);
      return authenticated;
    },
    admit: (call, exchange) => admitCall(call, exchange, admitDeps),
    entitle: (call) => entitle(call, entitleDeps),
    askMode: (call) => askMode(call, { ledger, options: askModeOptions }),
    inspect: (call) => inspect(call, inspectDeps),
    record: (call) => recorder.intent(call),
  });
}

/** The same for the way back. */
export function bindAnswers(core: Core): AnswerDeps {
  const { options, engine, content } = core;
  const askModeOptions = askModeOptionsOf(core);
  return Object.freeze({
    engine,
    keptBytes: content?.limit ?? null,
    ledger: options.store.ledger,
    answerBytes: options.limits?.answerBytes ?? ANSWER_BYTES,
    withholdsToolCalls: (call: ClearedCall, types: readonly string[]) =>
      withholdsToolCalls(call, types, askModeOptions),
  });
}

function askModeOptionsOf({ options }: Core): AskModeOptions {
  const { protocols = [], allowTools = [] } = options.askMode ?? {};
  return { protocols, allowTools };
}
