import { Option, type Command } from "commander";
import type { TrailFilter } from "../lib/admin";
import { RECORD_KINDS, type RecordKind } from "../lib/audit/record";
import { usageError } from "./command-error";
import { parseMoment } from "./parse-time";

/** What `audit tail`, `search` and `export` have in common. */
export interface TrailOptions {
  readonly since?: string;
  readonly until?: string;
  readonly node?: string;
  readonly kind?: RecordKind;
  readonly user?: string;
  readonly key?: string;
  readonly model?: string;
  readonly decision?: "allow" | "deny";
  readonly rule?: string;
  readonly entity?: string;
  readonly request?: string;
}

export function addTrailOptions(command: Command): Command {
  return command
    .addOption(new Option("--since <time>", "this time or later: 1h, 7d, 2026-01-31, 2026-01-31T09:00Z"))
    .addOption(new Option("--until <time>", "before this time"))
    .addOption(new Option("--user <email>", "who called, or who changed something"))
    .addOption(new Option("--key <id>", "the public id of the key"))
    .addOption(new Option("--model <id>", "what was asked for"))
    .addOption(new Option("--decision <decision>").choices(["allow", "deny"]))
    .addOption(new Option("--rule <name>", "the reason of a refusal, or the rule that decided"))
    .addOption(new Option("--entity <name>", "what data loss prevention found"))
    .addOption(new Option("--request <id>", "the x-request-id that the gate gave"))
    .addOption(new Option("--kind <kind>").choices(RECORD_KINDS))
    .addOption(new Option("--node <name>", "which process wrote it"));
}

export function trailFilter(options: TrailOptions, now: number): TrailFilter {
  const { since, until, node, kind, user, key, model, decision, rule, entity, request } = options;
  const times = {
    ...(since !== undefined && { since: parseMoment("--since", since, now) }),
    ...(until !== undefined && { until: parseMoment("--until", until, now) }),
  };
  if (times.since !== undefined && times.until !== undefined && times.since >= times.until)
    throw usageError(`--since ${since} is not before --until ${until}: no record is between them.`);
  const named = { node, kind, user, keyId: key, model, decision, rule, entity, requestId: request };
  return {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    ...times,
  };
}
