import { ConfigurationError } from "./denial";
import type { Peppers } from "./keys/pepper";
import type { Store } from "./ports/store";

/** Rejects with a ConfigurationError when keys that work need a version of the pepper that is not given: each call of theirs would fail. */
export async function refuseLostPeppers(store: Pick<Store, "pepperUse">, peppers: Peppers): Promise<void> {
  const uses = (await store.pepperUse?.(peppers.versions)) ?? [];
  const lost = uses.filter(({ version, working }) => working > 0 && peppers.secret(version) === undefined);
  const [first] = lost;
  if (first === undefined) return;
  const { version } = first;
  const said = lost.map((use) => `${use.working} under version ${use.version}`).join(", ");
  throw new ConfigurationError(
    "pepper_missing",
    `Keys that work were digested with a pepper that is not given: ${said}. Give it back (LLM_GATE_PEPPER_${version}), or revoke them: \`llm-gate key list --pepper ${version}\` names them.`,
  );
}
