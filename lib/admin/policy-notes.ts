/** What is legal and may still surprise. */
export function policyNotes(otherOrganizations: readonly string[]): readonly string[] {
  if (otherOrganizations.length === 0) return [];
  return [`The store also holds other organizations (${otherOrganizations.join(", ")}), which stay as they are.`];
}
