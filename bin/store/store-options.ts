import { Option } from "commander";

/** `--store` and `--json`, as every command has them. */
export interface StoreOptions {
  readonly store?: string;
  readonly json?: boolean;
}

export function storeOption(): Option {
  return new Option("--store <store>", "sqlite:PATH or postgres://…; else the environment variable LLM_GATE_STORE");
}

export function jsonOption(): Option {
  return new Option("--json", "print one JSON document");
}

export function organizationOption(): Option {
  return new Option("--organization <name>", "which one, where the store holds several");
}
