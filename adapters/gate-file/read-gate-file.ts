import { dirname, resolve } from "node:path";
import { ConfigurationError } from "../../lib/denial";
import { readPlacedYaml } from "../policy/read-placed-yaml";
import { markReferences, resolveReferences, unmarkReferences, type Environment } from "./environment";
import { gateChecks } from "./gate-checks";
import type { DetectorSettings } from "./detector-schema";
import { gateSchema, type ReadGateFile } from "./gate-schema";
import type { SinkSettings } from "./sink-schema";

/** What `llm-gate serve` runs by: a gate file that was read and found good. */
export interface GateFile extends Omit<ReadGateFile, "store" | "bus" | "dlp"> {
  readonly dlp: Omit<ReadGateFile["dlp"], "detectors">;
  /** Besides the built-in ones. */
  readonly detectors: readonly DetectorSettings[];
  /** A Redis URL. */
  readonly bus: string | null;
  /** The URL of a PostgreSQL database, or the path of a SQLite file: absolute, as are the paths in `audit`. */
  readonly database: string;
}

/**
 * Reads a gate file; `${NAME}` reads the environment, relative paths start at the file's own folder. Throws a
 * ConfigurationError (`gate_file_invalid`) whose message has a line `file:line:column: sentence` for everything that is wrong.
 */
export function readGateFile(text: string, fileName: string, environment: Environment): GateFile {
  const { store, bus, audit, dlp, ...settings } = readWithPlaces(text, fileName, environment);
  const absolute = (path: string) => resolve(dirname(fileName), path);
  const { detectors, ...inspection } = dlp;
  const { checkpoints, checkpointKey, contentKey, spool, sinks, ...named } = audit;
  return Object.freeze({
    ...settings,
    ...{ dlp: inspection, detectors },
    database: store.postgres ?? absolute(store.sqlite ?? ""),
    bus: bus?.redis ?? null,
    audit: {
      ...named,
      sinks: sinks.map((sink) => withAbsolutePath(sink, absolute)),
      ...(checkpoints !== undefined && { checkpoints: absolute(checkpoints) }),
      ...(checkpointKey !== undefined && { checkpointKey: absolute(checkpointKey) }),
      ...(contentKey !== undefined && { contentKey: absolute(contentKey) }),
      ...(spool !== undefined && { spool: { ...spool, path: absolute(spool.path) } }),
    },
  });
}

function withAbsolutePath(sink: SinkSettings, absolute: (path: string) => string): SinkSettings {
  const { nats } = sink;
  if (nats?.credentialsFile === undefined) return sink;
  return { ...sink, nats: { ...nats, credentialsFile: absolute(nats.credentialsFile) } };
}

function readWithPlaces(text: string, fileName: string, environment: Environment): ReadGateFile {
  try {
    return readPlacedYaml(markReferences(text), {
      fileName,
      noun: "the configuration",
      code: "gate_file_invalid",
      schema: gateSchema,
      checks: gateChecks,
      prepare: (document) => resolveReferences(document, environment),
    });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(error.code, unmarkReferences(error.message));
  }
}
