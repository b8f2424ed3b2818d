import type { AdmittedCall } from "../call";
import type { DlpEngine } from "../dlp/engine";
import { dlpLayers } from "../dlp/layers";
import { maskedText } from "../dlp/masked-texts";

/**
 * A name that a client made up, for an error and its record: what the caller's policy finds in it, reported findings
 * included, is behind its placeholder. Throws as an inspection does.
 */
export async function showableName(call: AdmittedCall, name: string, engine: DlpEngine): Promise<string> {
  const policy = engine.policyFor("request", dlpLayers(call.principal, null));
  const span = { path: ["model"], role: "unknown", text: name, rewritable: false } as const;
  const { findings } = await engine.inspect([span], [], policy, call.signal);
  return maskedText(name, findings);
}
