import type { DlpPolicy } from "../../lib/dlp/policy";
import type { CatalogueModel, Principal } from "../../lib/policy/domain";

/** Who has a say in what must not leave, by name. */
export interface DlpOwner {
  readonly name: string;
  readonly dlp: DlpPolicy | null;
}

export function dlpOwners({ organization, groups }: Principal, model: CatalogueModel | null): readonly DlpOwner[] {
  return [organization, ...groups, ...(model === null ? [] : [{ name: model.id, dlp: model.dlp }])];
}
