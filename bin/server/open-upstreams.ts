import type { Logger } from "../../lib/ports/logger";
import type { Upstream } from "../../lib/ports/upstream";
import { ECHO } from "../../adapters/gate-file/gate-checks";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";
import { echoUpstream } from "../../adapters/upstreams/echo";
import type { ForwardOptions } from "../../adapters/upstreams/forward";
import { httpUpstream } from "../../adapters/upstreams/http";

export interface OpenUpstreams {
  readonly routes: ForwardOptions;
  close(): Promise<void>;
}

/** The providers of a gate file. Where it names none the embedded model answers, which the log says. */
export function openUpstreams({ upstreams, limits }: GateFile, logger: Logger): OpenUpstreams {
  const { default: fallback, ...named } = upstreams;
  const opened = new Map<string, Upstream>(
    Object.entries(named).map(([name, options]) => {
      return [name, httpUpstream({ name, ...options, ...(limits.idleMs !== undefined && { idleMs: limits.idleMs }) })];
    }),
  );
  const chosen = fallback ?? (opened.size === 0 ? ECHO : undefined);
  if (fallback === undefined && chosen === ECHO) {
    logger.warn(
      "no upstreams are configured: the embedded echo model answers; write upstreams: { default: echo } if that is meant",
    );
  }
  const last = chosen === ECHO ? echoUpstream() : opened.get(chosen ?? "");
  return Object.freeze({
    routes: { upstreams: Object.fromEntries(opened), ...(last !== undefined && { default: last }) },
    async close(): Promise<void> {
      for (const upstream of opened.values()) await upstream.close?.();
    },
  });
}
