import type { Detector, Finding } from "../ports/detector";
import { comparable } from "./allow-list";
import { concerns, type CompiledDemand } from "./demand";
import type { Candidate } from "./resolve-findings";
import { coveredBy, type Covered } from "./covered-by";
import { strictestOf } from "./strictest";

/** Something found, and what the layers of the policy demand of such findings. */
export interface DemandedFinding {
  readonly finding: Finding;
  readonly demands: readonly CompiledDemand[];
  readonly secret: boolean;
}

/** Where allowed phrases stand in the text. */
type PhrasePlaces = ReadonlyMap<Detector, Covered>;

/**
 * Every layer judges every finding for itself: is it sure enough, called what it is, not on the layer's own allow-list?
 * The strictest of these verdicts holds; what no layer demands anything of is left out. Offsets stay as they are.
 */
export async function judgeFindings(
  text: string,
  found: readonly DemandedFinding[],
  findPhrases: (phrases: Detector) => Promise<readonly Finding[]>,
): Promise<readonly Candidate[]> {
  const places = await phrasePlaces(found, findPhrases);
  const judged: Candidate[] = [];
  for (const { finding, demands, secret } of found) {
    const action = strictestOf(demands, (demand) => demandsIt(demand, text, finding, places));
    const { entity, rule, score, start, end } = finding;
    if (action !== "off") judged.push({ entity, rule, score, start, end, action, secret });
  }
  return judged;
}

/** Phrases are looked for once per text, and only where there is something to excuse. */
async function phrasePlaces(
  found: readonly DemandedFinding[],
  findPhrases: (phrases: Detector) => Promise<readonly Finding[]>,
): Promise<PhrasePlaces> {
  const places = new Map<Detector, Covered>();
  for (const { finding, demands } of found) {
    for (const demand of demands) {
      const phrases = demand.allow?.phrases ?? null;
      if (phrases === null || places.has(phrases) || !concerns(demand, finding)) continue;
      places.set(phrases, coveredBy(await findPhrases(phrases)));
    }
  }
  return places;
}

function demandsIt(demand: CompiledDemand, text: string, finding: Finding, places: PhrasePlaces): boolean {
  return concerns(demand, finding) && !excuses(demand, text, finding, places);
}

function excuses({ allow }: CompiledDemand, text: string, { start, end }: Finding, places: PhrasePlaces): boolean {
  if (allow === null) return false;
  if (allow.values.size > 0 && allow.values.has(comparable(text.slice(start, end)))) return true;
  return allow.phrases !== null && places.get(allow.phrases)?.(start, end) === true;
}
