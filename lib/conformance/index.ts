export { auditLogCases, type TrailFactory, type TrailUnderTest } from "./audit-log-cases";
export { busCases, type BusPair } from "./bus-cases";
export type { Case } from "./case";
export { detectorCases, type DetectorSamples } from "./detector-cases";
export { ledgerCases, type LedgerUnderTest } from "./ledger-cases";
export { nodeRegistryCases } from "./node-registry-cases";
export { sharedStoreCases, type StorePair } from "./shared-store-cases";
export { storeCases } from "./store-cases";
export type { StoreFactory } from "./store-fixtures";
