import { Command } from "commander";
import { ConfigurationError } from "../../lib/denial";
import type { Peppers } from "../../lib/keys/pepper";
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
  /** Whether this version is given here, and whether new keys are made with it. */
  readonly given: boolean;
  readonly current: boolean;
}

const NOTES = `Keys come under the current pepper when they are used next. A version that no working key is under can be taken away:
a gate that lacks one which is still needed does not start. \`llm-gate key list --pepper 1\` names the keys of a version.`;

export function keyPeppersCommand(terminal: Terminal): Command {
  return new Command("peppers")
    .description("count how many keys are still under which version of the pepper")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate key peppers --store sqlite:gate.db"], NOTES))
    .action(async (options: StoreOptions) => {
      const peppers = await withStore(locateExistingStore(options, terminal), async (store) =>
        report((await store.pepperUse?.()) ?? [], given(store.pepperFile)),
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

function report(uses: readonly PepperUse[], peppers: Peppers | null): readonly PepperReport[] {
  return uses.map((use) => ({
    ...use,
    given: peppers?.secret(use.version) !== undefined,
    current: peppers?.current === use.version,
  }));
}

function rows(peppers: readonly PepperReport[]): string {
  return table(
    ["VERSION", "KEYS", "WORKING", "HERE"],
    peppers.map(({ version, keys, working, given: here, current }) => [
      ...[String(version), String(keys), String(working)],
      current ? "current" : here ? "given" : "missing",
    ]),
  );
}
