/** The answer to an append did not come in time, or its writer died: the records may be on record, or may yet be. */
export class UncertainAppend extends Error {
  override readonly name = "UncertainAppend";
}
