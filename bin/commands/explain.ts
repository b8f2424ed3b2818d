import { isIP } from "node:net";
import { Command, Option } from "commander";
import type { Call } from "../../lib/call";
import type { Operation, Protocol } from "../../lib/ports/protocol";
import { anthropicMessages } from "../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../adapters/protocols/openai-chat";
import { openaiResponses } from "../../adapters/protocols/openai-responses";
import { readGateFile, type GateFile } from "../../adapters/gate-file/read-gate-file";
import { CommandError, usageError } from "../command-error";
import { explainCall, type Explanation } from "../explain/explain-call";
import { explainDeps, type DecidingSettings } from "../explain/explain-deps";
import { describeRules } from "../explain/rules-in-force";
import { keyIdOf } from "../key-id";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { printable } from "../output/printable";
import { table } from "../output/table";
import { readFile, readTextFile } from "../read-text-file";
import { locateExistingStore } from "../store/locate-store";
import { storeName } from "../store/store-at";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { SYSTEM, withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface Options extends StoreOptions {
  readonly keyId: string;
  readonly request: string;
  readonly protocol: string;
  readonly config?: string;
  readonly from?: string;
}

const PROTOCOLS: readonly Protocol[] = [openaiChat, openaiResponses, anthropicMessages];
const DEFAULTS: DecidingSettings = Object.freeze({ askMode: {}, dlp: {}, detectors: [], limits: {} });

const NOTES = `Runs the gate's own stages over a request body: what would be decided if that key sent it now, and by which rule.
Nothing is forwarded, and nothing is recorded. The exit code is 0 whatever the decision.`;

const EXAMPLES = [
  "llm-gate explain --key-id 3sNJ0aTqLw --request body.json --protocol chat --store sqlite:gate.db",
  "llm-gate explain --key-id 3sNJ0aTqLw --request body.json --protocol responses --config gate.yaml --json",
];

export function explainCommand(terminal: Terminal): Command {
  return new Command("explain")
    .description("say how a request would be decided, and why")
    .requiredOption("--key-id <id>", "the key's public id")
    .requiredOption("--request <file>", "the body of the request, JSON")
    .addOption(
      new Option("--protocol <name>", "the dialect of the body")
        .choices(PROTOCOLS.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .option("--config <file>", "the server's gate file, for its settings of Ask Mode, limits and forwarding")
    .option("--from <address>", "where the call would come from, for a key that is limited to networks")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(EXAMPLES, NOTES))
    .action(async (options: Options) => {
      const explanation = await explain(options, terminal);
      present(terminal, options, explanation, () => describe(explanation));
    });
}

async function explain(options: Options, terminal: Terminal): Promise<Explanation> {
  const keyId = keyIdOf(options.keyId);
  const body = readFile(options.request);
  const file = gateFileOf(options, terminal);
  const database =
    file === null
      ? locateExistingStore(options, terminal)
      : locateExistingStore({ store: storeName(file.database), ...options }, terminal);
  return withStore(database, async (store) => {
    const snapshot = await store.findKey(keyId);
    if (snapshot === null) throw new CommandError("unknown_key", 1, `There is no key ${keyId} in this store.`);
    const { call, operation } = arrivalOf(options);
    const now = (await store.now?.()) ?? SYSTEM.clock.now();
    return explainCall(call, body, explainDeps(store, snapshot, operation, { settings: file ?? DEFAULTS, now }));
  });
}

function gateFileOf({ config }: Options, { environment }: Terminal): GateFile | null {
  return config === undefined ? null : readGateFile(readTextFile(config), config, environment);
}

/** The dialect's first operation that takes a prompt: making an answer. */
function arrivalOf(options: Options): { readonly call: Call; readonly operation: Operation } {
  const protocol = PROTOCOLS.find(({ name }) => name === options.protocol);
  const operation = protocol?.operations.find(({ body }) => body === "prompt");
  if (protocol === undefined || operation === undefined) throw usageError(`There is no protocol ${options.protocol}.`);
  const call: Call = {
    requestId: "",
    clientRequestId: null,
    clientSessionId: null,
    protocol,
    route: { operation, params: {} },
    method: operation.method,
    path: operation.path,
    target: operation.path,
    headers: [],
    source: options.from === undefined ? null : addressOf(options.from),
    userAgent: null,
    receivedAt: SYSTEM.clock.now(),
    startedAt: SYSTEM.clock.monotonic(),
    signal: new AbortController().signal,
  };
  return { call, operation };
}

function addressOf(from: string): string {
  if (isIP(from) !== 0) return from;
  throw usageError(`--from ${JSON.stringify(from)} is not an address, such as 192.0.2.7.`);
}

function describe({ decision, error, stages, rules }: Explanation): string {
  const rows = stages.map(({ stage, verdict, why }) => [stage, verdict, why]);
  const answer =
    error === null ? "It would go upstream." : `The client would get ${error.status}: ${printable(error.message)}`;
  return [
    table(["STAGE", "VERDICT", "WHY"], rows),
    ...(rules === null || rules.length === 0 ? [] : ["", "Data loss rules in force:"]),
    ...describeRules(rules ?? []).map((line) => `  ${line}`),
    ...["", `${decision === "allow" ? "Allowed" : "Denied"}. ${answer}`],
  ].join("\n");
}
