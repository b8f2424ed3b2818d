import { ConfigurationError } from "../../lib/denial";

/** The name that a sink's place in the trail is kept under. Throws ConfigurationError. */
export function sinkName(name: string): string {
  if (/^[\x21-\x7e]{1,64}$/.test(name)) return name;
  throw sinkInvalid(`has the name ${JSON.stringify(name)}: write 1 to 64 visible ASCII characters`);
}

/** `fault` goes on after "the sink": what is wrong, and what to write. Never a credential. */
export function sinkInvalid(fault: string): ConfigurationError {
  return new ConfigurationError("audit_sink_invalid", `An audit sink ${fault}.`);
}
