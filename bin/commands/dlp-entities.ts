import { Command } from "commander";
import { builtInDetectors } from "../../adapters/detectors/built-in";
import { ENTITY_KINDS, type EntityKind } from "../../adapters/detectors/entity-kinds";
import { PRESET_ACTIONS, PRESETS, type Preset } from "../../adapters/policy/presets";
import type { Direction, DlpAction } from "../../lib/dlp/policy";
import { lesson } from "../output/lesson";
import { present } from "../output/present";
import { table } from "../output/table";
import { jsonOption } from "../store/store-options";
import type { Terminal } from "../terminal";

interface EntityRow {
  readonly entity: string;
  readonly kind: EntityKind;
  /** Names of the detectors that find it. */
  readonly detectors: readonly string[];
  readonly presets: Readonly<Record<Preset, Readonly<Record<Direction, DlpAction>>>>;
}

const NOTES = `What a policy may name under request and response, and what each preset makes of it: on requests, on responses.
Names of persons, and what no detector finds, take a custom rule, a detector of your own or a Presidio analyzer.`;

export function dlpEntitiesCommand(terminal: Terminal): Command {
  return new Command("entities")
    .description("list what data loss prevention finds")
    .addOption(jsonOption())
    .addHelpText("after", lesson(["llm-gate dlp entities", "llm-gate dlp entities --json"], NOTES))
    .action((options: { readonly json?: boolean }) => {
      const rows = entityRows();
      present(terminal, options, { entities: rows }, () => table(["ENTITY", "KIND", ...HEADINGS], rows.map(cells)));
    });
}

const HEADINGS = PRESETS.map((preset) => preset.toUpperCase());

function entityRows(): readonly EntityRow[] {
  const detectors = builtInDetectors();
  return Object.entries<readonly string[]>(ENTITY_KINDS).flatMap(([name, entities]) => {
    const kind = name as EntityKind;
    return entities.map((entity) => ({
      ...{ entity, kind },
      detectors: detectors.filter((detector) => detector.entities.includes(entity)).map((detector) => detector.name),
      presets: { "coding-agent": actionsOf("coding-agent", kind), office: actionsOf("office", kind) },
    }));
  });
}

function actionsOf(preset: Preset, kind: EntityKind): Readonly<Record<Direction, DlpAction>> {
  const { request, response } = PRESET_ACTIONS[preset];
  return { request: request[kind], response: response[kind] };
}

function cells({ entity, kind, presets }: EntityRow): readonly string[] {
  return [entity, kind, ...PRESETS.map((preset) => `${presets[preset].request}, ${presets[preset].response}`)];
}
