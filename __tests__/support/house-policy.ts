import type { DlpPolicy } from "../../lib/dlp/policy";
import type { PolicyDocument, PolicyGroup, PolicyUser } from "../../lib/admin";
import type { CatalogueModel } from "../../lib/policy/domain";

export const model = (id: string, more: Partial<CatalogueModel> = {}): CatalogueModel => ({
  ...{ id, provider: "openai", displayName: id, enabled: true, upstreamModel: null, dlp: null },
  ...more,
});

export const group = (name: string, more: Partial<PolicyGroup> = {}): PolicyGroup => ({
  ...{ name, personalApiKeyAccess: true, askModeOnly: false },
  ...{ models: [], providers: [], denyModels: [], denyProviders: [], dlp: null },
  ...more,
});

export const user = (name: string, groups: readonly string[], more: Partial<PolicyUser> = {}): PolicyUser => ({
  ...{ email: `${name}@acme.test`, role: "user", status: "active", groups },
  ...more,
});

export const dlp = (more: Partial<DlpPolicy>): DlpPolicy => ({ request: {}, response: {}, custom: [], ...more });

/** One house with somebody for every rule of who may call. */
export const HOUSE: PolicyDocument = {
  organization: "acme",
  dlp: undefined,
  models: [
    model("gpt-4o-mini"),
    model("gpt-5-pro"),
    model("gpt-elsewhere", { provider: "elsewhere" }),
    model("gpt-renamed", { upstreamModel: "vendor/renamed-2026" }),
    model("old-model", { enabled: false }),
    model("agent/helper"),
    model("agent/x"),
  ],
  groups: [
    group("engineers", {
      models: ["gpt-*", "old-model", "agent/x"],
      denyModels: ["gpt-5-pro*"],
      denyProviders: ["elsewhere"],
    }),
    group("analysts", { models: ["*"], askModeOnly: true }),
    group("visitors", { models: ["*"], personalApiKeyAccess: false }),
  ],
  users: [
    user("alice", ["engineers"]),
    user("bob", ["engineers"]),
    user("asker", ["analysts"]),
    user("other-asker", ["analysts"]),
    user("both", ["analysts", "engineers"]),
    user("visitor", ["visitors"]),
    user("nobody", []),
    user("gone", ["engineers"], { status: "suspended" }),
    user("root", [], { role: "administrator" }),
    user("gone-root", [], { role: "administrator", status: "suspended" }),
  ],
};
