import type { Admin } from "../../lib/admin";
import type { Terminal } from "../terminal";
import { locateExistingStore } from "./locate-store";
import type { StoreOptions } from "./store-options";
import { busOf } from "./store-at";
import { withAdmin, withStore, type AdminSettings } from "./with-store";

export interface ManageOptions extends StoreOptions {
  readonly organization?: string;
}

/** What the options and the environment say about managing. */
export function adminSettings({ organization }: ManageOptions, { environment }: Terminal): AdminSettings {
  const bus = busOf(environment);
  return { ...(organization !== undefined && { organization }), ...(bus !== null && { bus }) };
}

/** The management service over the store that the options name, which must be there. */
export function manage<T>(options: ManageOptions, terminal: Terminal, work: (admin: Admin) => Promise<T>): Promise<T> {
  const settings = adminSettings(options, terminal);
  return withStore(locateExistingStore(options, terminal), (store) => withAdmin(store, settings, work));
}
