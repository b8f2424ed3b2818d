import type { PolicyDocument } from "../../lib/admin";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { readPolicyFile } from "../../adapters/policy/read-policy-file";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";
import { openDetectors } from "../server/open-detectors";
import { readTextFile } from "../read-text-file";

/** A policy file, judged by what the gate's own detectors can do, and those that the server's gate file names. */
export function readPolicy(path: string, gateFile: GateFile | null = null): PolicyDocument {
  const others = gateFile === null ? [] : openDetectors(gateFile).detectors;
  const entities = [...builtInDetectors(), ...others].flatMap((detector) => detector.entities);
  return readPolicyFile(readTextFile(path), path, { entities, compileCustomRule });
}
