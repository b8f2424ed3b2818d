import type { DlpPolicy } from "../dlp/policy";
import type { PolicyDocument } from "./policy-document";

/** What is legal in this document and may still surprise. */
export function policyNotes(document: PolicyDocument, otherOrganizations: readonly string[]): readonly string[] {
  const policies = [document.dlp, ...document.groups.map(({ dlp }) => dlp), ...document.models.map(({ dlp }) => dlp)];
  const notes: string[] = [];
  if (policies.some((policy) => policy != null && tokenizes(policy))) {
    notes.push("The action tokenize acts as redact in this release: values are replaced and not put back.");
  }
  if (otherOrganizations.length > 0) {
    notes.push(`The store also holds other organizations (${otherOrganizations.join(", ")}), which stay as they are.`);
  }
  return notes;
}

function tokenizes({ request, response, custom }: DlpPolicy): boolean {
  const actions = [...Object.values(request), ...Object.values(response), ...custom.map(({ action }) => action)];
  return actions.includes("tokenize");
}
