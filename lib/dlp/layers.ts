import type { CatalogueModel, Principal } from "../policy/domain";
import type { DlpPolicy } from "./policy";

/** Whose policies apply to a caller, administrators included: organisation, every group, and the model that is called. */
export function dlpLayers(principal: Principal, model: CatalogueModel | null): readonly (DlpPolicy | null)[] {
  return [principal.organization.dlp, ...principal.groups.map((group) => group.dlp), model?.dlp ?? null];
}
