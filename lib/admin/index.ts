export type { AdminOptions } from "./admin-context";
export { AdminError, type AdminErrorCode } from "./admin-error";
export type { CreatedKey, NewKeyRequest } from "./admin-keys";
export type { AppliedPolicy, ApplyOptions } from "./admin-policy";
export { createAdmin, type Admin } from "./create-admin";
export type { KeyUsability } from "./key-usability";
export type { PolicyChange } from "./policy-diff";
export type { TrailFilter, TrailPage } from "./search-trail";
export type { PolicyDocument, PolicyGroup, PolicyUser } from "./policy-document";
