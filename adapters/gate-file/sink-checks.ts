import { ConfigurationError } from "../../lib/denial";
import type { AuditSink } from "../../lib/ports/audit-sink";
import { entriesAt, type Entry } from "../policy/entries";
import type { Problem } from "../policy/problem";
import { openSink } from "./open-sink";
import { SINK_KINDS, sinkSchema, type SinkSettings } from "./sink-schema";

/** Every sink is of one kind, has a name of its own, and is what its adapter can work with. */
export function sinkProblems(root: unknown): readonly Problem[] {
  const names = new Set<string>();
  return entriesAt(root, ["audit", "sinks"]).flatMap(({ path, value }) => {
    const kinds = SINK_KINDS.filter((kind) => kind in value);
    if (kinds.length !== 1) return [{ path, sentence: `a sink is of one kind: ${SINK_KINDS.join(", ")}` }];
    const settings = sinkSchema.safeParse(value);
    return settings.success ? problemsOf(settings.data, path, names) : [];
  });
}

function problemsOf(settings: SinkSettings, path: Entry["path"], names: Set<string>): readonly Problem[] {
  try {
    const { name, close } = tried(settings);
    void close?.();
    const sentence = `there is another sink of the name ${JSON.stringify(name)}: give each one of its own`;
    return names.size < names.add(name).size ? [] : [{ path, sentence }];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [{ path, sentence: error.message.replace(/\.$/, "") }];
  }
}

/** Files are read when the sink is opened: their paths are not resolved yet. */
function tried({ nats, ...others }: SinkSettings): AuditSink {
  if (nats === undefined) return openSink(others);
  const { credentialsFile: _, ...rest } = nats;
  return openSink({ nats: rest });
}
