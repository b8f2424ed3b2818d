import type { PolicyDocument } from "../../lib/admin";
import { dlp, group, model, user } from "./house-policy";

/** Two vendors, and one user for every way in which a client's call can go. */
export const CLIENT_POLICY: PolicyDocument = {
  organization: "acme",
  dlp: undefined,
  models: [
    model("gpt-4o-mini", { displayName: "GPT-4o mini" }),
    model("gpt-5-pro"),
    model("claude-house-1", { provider: "anthropic", displayName: "Claude House 1" }),
    model("claude-house-2", { provider: "anthropic" }),
  ],
  groups: [
    group("engineers", {
      models: ["gpt-*"],
      providers: ["anthropic"],
      denyModels: ["gpt-5-pro*", "claude-house-2"],
    }),
    group("analysts", { models: ["*"], askModeOnly: true }),
    group("careful", {
      models: ["*"],
      dlp: dlp({
        request: { EMAIL_ADDRESS: "redact", PRIVATE_KEY: "block" },
        response: { CREDIT_CARD: "redact" },
        custom: [{ name: "PROJECT_CODE", regex: "PRJ-[0-9]{6}", action: "block", on: "both" }],
      }),
    }),
  ],
  users: [user("alice", ["engineers"]), user("asker", ["analysts"]), user("careful", ["careful"])],
};

export const CARD = "4111 1111 1111 1111";
export const PROJECT_CODE = "PRJ-123456";
