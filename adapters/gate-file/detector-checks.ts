import { ConfigurationError } from "../../lib/denial";
import { readPresidioOptions } from "../detectors/presidio/options";
import { entriesAt } from "../policy/entries";
import type { Problem } from "../policy/problem";
import { detectorSchema } from "./detector-schema";

/** Every detector is what its adapter can work with, and there is one of a kind. */
export function detectorProblems(root: unknown): readonly Problem[] {
  return entriesAt(root, ["dlp", "detectors"]).flatMap(({ path, value }, index) => {
    if (index > 0) return [{ path, sentence: "there is another presidio detector: one analyzer is asked, not two" }];
    const settings = detectorSchema.safeParse(value);
    return settings.success ? problemsOf(settings.data.presidio, [...path, "presidio"]) : [];
  });
}

function problemsOf(options: Parameters<typeof readPresidioOptions>[0], path: Problem["path"]): readonly Problem[] {
  try {
    readPresidioOptions(options);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [{ path, sentence: error.message.replace(/^presidioDetector\(\)/, "presidio").replace(/\.$/, "") }];
  }
}
