import type express from "express";
import { createRequire } from "node:module";
import { ConfigurationError } from "../../lib/denial";

/** Express is the host's own, a peer: whoever runs the gate as a server of its own installs it too. */
export function loadExpress(): typeof express {
  try {
    return createRequire(__filename)("express") as typeof express;
  } catch (cause) {
    throw new ConfigurationError(
      "express_missing",
      "Express could not be loaded: run `npm install express` beside express-llm-gate.",
      cause,
    );
  }
}
