import { ConfigurationError } from "../../lib/denial";
import { redisSettings } from "../buses/redis-settings";
import { entriesAt, type Entry } from "../policy/entries";
import type { Problem } from "../policy/problem";
import { postgresAddress } from "../postgres/postgres-address";

/** One database, whose address can be read. */
export function storeProblems(root: unknown): readonly Problem[] {
  return entriesAt(root, ["store"]).flatMap(({ path, value }) => {
    if ("postgres" in value) return postgresProblems(path, value);
    return "sqlite" in value
      ? []
      : [{ path, sentence: "store must name a database: { sqlite: PATH } or { postgres: URL }" }];
  });
}

function postgresProblems(path: Entry["path"], value: Entry["value"]): readonly Problem[] {
  if ("sqlite" in value) return [{ path, key: "sqlite", sentence: "store must name one database, not two" }];
  const { postgres } = value;
  return typeof postgres !== "string" || postgres === ""
    ? []
    : saidBy(() => postgresAddress(postgres), { path: [...path, "postgres"] });
}

export function busProblems(root: unknown): readonly Problem[] {
  return entriesAt(root, ["bus"]).flatMap(({ path, value: { redis } }) =>
    typeof redis !== "string" || redis === "" ? [] : saidBy(() => redisSettings(redis), { path: [...path, "redis"] }),
  );
}

/** The key's default place is beside a database that is a file. */
export function checkpointProblems(root: unknown): readonly Problem[] {
  const onServer = entriesAt(root, ["store"]).some(({ value }) => "postgres" in value);
  return entriesAt(root, ["audit"]).flatMap(({ path, value }) => {
    if (!onServer || !("checkpoints" in value) || "checkpointKey" in value) return [];
    return [
      { path, key: "checkpoints", sentence: "with PostgreSQL, audit.checkpointKey must name the file of the key" },
    ];
  });
}

/** What the part itself says about its setting. */
export function saidBy(read: () => unknown, { path }: Pick<Entry, "path">): readonly Problem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [{ path, sentence: error.message.replace(/\.$/, "") }];
  }
}
