import type { Direction, DlpAction, DlpPolicy } from "../../lib/dlp/policy";
import { ENTITY_KINDS, type EntityKind } from "../detectors/entity-kinds";

export const PRESETS = ["coding-agent", "office"] as const;
export type Preset = (typeof PRESETS)[number];

type Actions = Readonly<Record<EntityKind, DlpAction>>;

const REPORTED: Actions = {
  ...{ secret: "report", payment: "report", contact: "report", health: "report", person: "report", vehicle: "report" },
  ...{ organisation: "off", place: "off", network: "off" },
};

/** What becomes of each kind of entity. */
export const PRESET_ACTIONS: Readonly<Record<Preset, Readonly<Record<Direction, Actions>>>> = {
  // Agents need the text as it is, and their secrets back: in commands and files that the model writes.
  "coding-agent": { request: { ...REPORTED, secret: "tokenize" }, response: REPORTED },
  // Letters are drafted with real names and numbers in the end; what opens doors or accounts has no place in them.
  office: {
    request: {
      ...{ secret: "redact", payment: "redact", health: "redact", person: "redact" },
      ...{ contact: "tokenize", vehicle: "tokenize", organisation: "report", place: "report", network: "report" },
    },
    response: {
      ...{ secret: "redact", payment: "redact", health: "redact", person: "redact" },
      ...{ contact: "report", vehicle: "report", organisation: "off", place: "off", network: "off" },
    },
  },
};

/** A policy as people write it. */
export type WrittenPolicy = DlpPolicy & { readonly preset?: Preset };

/** The policy with its preset written out for these entities: whatever the policy says of an entity itself holds instead. */
export function expandPreset({ preset, ...own }: WrittenPolicy, entities: readonly string[]): DlpPolicy {
  if (preset === undefined) return own;
  const both = (direction: Direction) => ({ ...presetActions(preset, direction, entities), ...own[direction] });
  return { ...own, request: both("request"), response: both("response") };
}

/** Entity → action; what is off is left out. */
function presetActions(preset: Preset, direction: Direction, entities: readonly string[]): Record<string, DlpAction> {
  const actions = PRESET_ACTIONS[preset][direction];
  const named = Object.entries(ENTITY_KINDS).flatMap(([kind, members]) =>
    members.map((entity) => [entity, actions[kind as EntityKind]] as const),
  );
  return Object.fromEntries(named.filter(([entity, action]) => action !== "off" && entities.includes(entity)));
}
