import type { PolicyDocument } from "../../lib/admin";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { compileCustomRule } from "../../adapters/detectors/custom-rules";
import { readPolicyFile } from "../../adapters/policy/read-policy-file";
import { readTextFile } from "../read-text-file";

/** A policy file, judged by what the gate's own detectors can do. */
export function readPolicy(path: string): PolicyDocument {
  const entities = builtInDetectors().flatMap((detector) => detector.entities);
  return readPolicyFile(readTextFile(path), path, { entities, compileCustomRule });
}
