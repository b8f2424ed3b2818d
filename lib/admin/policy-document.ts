import type { DlpPolicy } from "../dlp/policy";
import type { CatalogueModel, Group, Role, UserStatus } from "../policy/domain";

export type PolicyGroup = Omit<Group, "id">;

export interface PolicyUser {
  readonly email: string;
  readonly role: Role;
  readonly status: UserStatus;
  /** Names of groups of the same document, in order of the alphabet. */
  readonly groups: readonly string[];
}

/** What an organisation should look like: a policy file that was read and found good. Nothing in it is named twice. */
export interface PolicyDocument {
  readonly organization: string;
  /** Undefined when the document does not speak of it. */
  readonly dlp: DlpPolicy | undefined;
  readonly models: readonly CatalogueModel[];
  readonly groups: readonly PolicyGroup[];
  readonly users: readonly PolicyUser[];
}
