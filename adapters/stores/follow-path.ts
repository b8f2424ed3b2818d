import type { Store } from "../../lib/ports/store";
import { fileIdentity } from "../audit/sqlite/open-trail";
import type { SqlStore } from "./kysely/sql-store";

/**
 * Has a store be that of a path and not of a file: when another file lies there (a backup was restored, a disk repaired), the
 * next look at the epoch opens that one. While there is none the look fails, and nothing is made in its place.
 */
export function followPath(
  path: string,
  store: Pick<SqlStore, "open" | "close" | "epoch" | "renew">,
): Pick<Store, "open" | "close" | "epoch"> {
  let file: string | null = null;
  let moving: Promise<void> | null = null;
  async function move(): Promise<void> {
    await store.renew();
    file = fileIdentity(path);
  }
  return {
    async open(): Promise<void> {
      await store.open();
      file ??= fileIdentity(path);
    },
    async close(): Promise<void> {
      file = null;
      await store.close();
    },
    async epoch(): Promise<number> {
      if (file !== null && fileIdentity(path) !== file) await (moving ??= move().finally(() => (moving = null)));
      return store.epoch();
    },
  };
}
