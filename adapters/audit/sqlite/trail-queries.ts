import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { trailQueries } from "../trail-queries";

export const { rowsOf, openIntentsOf } = trailQueries({
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  position: "rowid",
});
