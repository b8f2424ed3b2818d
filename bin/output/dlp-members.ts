import { DIRECTIONS, type DlpPolicy } from "../../lib/dlp/policy";
import { describeEntityRule } from "./describe-entity-rule";
import { foldEntities } from "./fold-entities";
import { printable } from "./printable";

/** What a policy says of one thing. */
interface Member {
  /** `request`, `custom`, `stream`. */
  readonly part: string;
  /** The entity or rule; null where the part is one thing. */
  readonly name: string | null;
  readonly says: string;
}

const NOTHING = "-";

/** What differs between two policies: a line for each way in which it does, with all that it does of. */
export function dlpChanges(before: DlpPolicy | null, after: DlpPolicy | null): readonly string[] {
  const [old, next] = [byPlace(before), byPlace(after)];
  const names = new Map<string, string[]>();
  for (const [place, { part, name }] of new Map([...old, ...next])) {
    const [from, to] = [old.get(place)?.says ?? NOTHING, next.get(place)?.says ?? NOTHING];
    const change = `dlp.${part}: ${before === null ? to : `${from} -> ${to}`}`;
    if (from !== to) names.set(change, [...(names.get(change) ?? []), ...(name === null ? [] : [name])]);
  }
  return [...names].map(([change, of]) => printable(of.length === 0 ? change : `${change} for ${foldEntities(of)}`));
}

function byPlace(policy: DlpPolicy | null): ReadonlyMap<string, Member> {
  const members = policy === null ? [] : membersOf(policy);
  return new Map(members.map((member) => [JSON.stringify([member.part, member.name]), member]));
}

function membersOf({ request, response, custom, ...settings }: DlpPolicy): readonly Member[] {
  const directions = { request, response };
  return [
    ...DIRECTIONS.flatMap((part) =>
      Object.entries(directions[part]).map(([name, rule]) => ({ part, name, says: describeEntityRule(rule) })),
    ),
    ...custom.map(({ name, ...rule }) => ({ part: "custom", name, says: JSON.stringify(rule) })),
    ...Object.entries(settings).map(([part, value]) => ({ part, name: null, says: JSON.stringify(value) })),
  ];
}
