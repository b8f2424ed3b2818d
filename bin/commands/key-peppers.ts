import { Command } from "commander";
import { ConfigurationError } from "../../lib/denial";
import { isSame } from "../../lib/confirm-peppers";
import { pepperProof, type Peppers } from "../../lib/keys/pepper";
import type { PepperUse } from "../../lib/ports/store";
import { resolvePeppers } from "../../lib/resolve-peppers";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { table } from "../output/table";
import { locateExistingStore } from "../store/locate-store";
import { jsonOption, storeOption, type StoreOptions } from "../store/store-options";
import { withStore } from "../store/with-store";
import type { Terminal } from "../terminal";

interface PepperReport {
  readonly version: number;
  readonly keys: number;
  readonly working: number;
  /** Whether this version is given here, whether it is another one than the store has known, and whether new keys are made with it. */
  readonly given: boolean;
  readonly wrong: boolean;
  readonly current: boolean;
}

type Proofs = ReadonlyMap<number, Uint8Array>;

const NOTES = `Keys come under the current pepper when they are used next. A version that no working key is under can be taken away:
a gate that lacks one which is still needed does not start, nor one that has another ("wrong" here) than the store has
known under that version. \`llm-gate key list --pepper 1\` names the keys of a version.`;

export function keyPeppersCommand(terminal: Terminal): Command {
  return new Command("peppers")
    .description("count how many keys are still under which version of the pepper")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate key peppers --store sqlite:gate.db"], NOTES))
    .action(async (options: StoreOptions) => {
      const peppers = await withStore(locateExistingStore(options, terminal), async (store) =>
        report(
          (await store.pepperUse?.()) ?? [],
          given(store.pepperFile),
          (await store.pepperProofs?.(new Map())) ?? new Map(),
        ),
      );
      present(terminal, options, { peppers }, () => (peppers.length === 0 ? "There are no keys." : rows(peppers)));
    });
}

/** The counts are worth something without any pepper, too. */
function given(pepperFile: string | undefined): Peppers | null {
  try {
    return resolvePeppers(undefined, pepperFile);
  } catch (error) {
    if (error instanceof ConfigurationError && error.code === "pepper_missing") return null;
    throw error;
  }
}

function report(uses: readonly PepperUse[], peppers: Peppers | null, proofs: Proofs): readonly PepperReport[] {
  return uses.map((use) => ({
    ...use,
    given: peppers?.secret(use.version) !== undefined,
    wrong: peppers !== null && isWrong(peppers, use.version, proofs.get(use.version)),
    current: peppers?.current === use.version,
  }));
}

function isWrong(peppers: Peppers, version: number, kept: Uint8Array | undefined): boolean {
  return kept !== undefined && peppers.secret(version) !== undefined && !isSame(kept, pepperProof(peppers, version));
}

function rows(peppers: readonly PepperReport[]): string {
  return table(
    ["VERSION", "KEYS", "WORKING", "HERE"],
    peppers.map(({ version, keys, working, given: here, wrong, current }) => [
      ...[String(version), String(keys), String(working)],
      wrong ? "wrong" : current ? "current" : here ? "given" : "missing",
    ]),
  );
}
