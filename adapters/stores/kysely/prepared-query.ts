import type { CompiledQuery, Kysely } from "kysely";
import type { Schema } from "./schema";

/** Compiles a query once; each run brings its own parameters, in the order of the placeholders. */
export function preparedQuery<Row>(
  db: Kysely<Schema>,
  compiled: CompiledQuery<Row>,
): (...parameters: readonly unknown[]) => Promise<readonly Row[]> {
  return async (...parameters) => {
    if (parameters.length !== compiled.parameters.length)
      throw new RangeError("A compiled query got the wrong number of parameters.");
    return (await db.executeQuery<Row>({ ...compiled, parameters })).rows;
  };
}
