import type { Admin } from "../../lib/admin";
import type { Terminal } from "../terminal";
import { locateExistingStore } from "./locate-store";
import type { StoreOptions } from "./store-options";
import { withAdmin, withStore } from "./with-store";

export interface ManageOptions extends StoreOptions {
  readonly organization?: string;
}

/** The management service over the store that the options name, which must be there. */
export function manage<T>(options: ManageOptions, terminal: Terminal, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { organization } = options;
  const settings = organization === undefined ? {} : { organization };
  return withStore(locateExistingStore(options, terminal), (store) => withAdmin(store, settings, work));
}
