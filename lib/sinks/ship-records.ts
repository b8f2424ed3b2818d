import type { AuditObserver, AuditSink } from "../ports/audit-sink";
import type { SinkRegistry } from "../ports/sink-registry";
import type { SinkHealth } from "./standing";
import { shipToSink, type ShippingParts, type SinkShipping } from "./ship-to-sink";

/** Carries the trail to all sinks, each at its own pace. As an observer it hears that there is more. */
export interface Shipping extends AuditObserver {
  /** Resolves when each sink has its place, or soon after that failed: they go on trying. */
  start(): Promise<void>;
  health(): readonly SinkHealth[];
  /** Delivers what is there, for so long at most. Never rejects. */
  stop(limitMs: number): Promise<void>;
}

export interface RecordShippingParts extends Omit<ShippingParts, "registry"> {
  /** Where there are sinks. */
  readonly registry: SinkRegistry | undefined;
}

export function shipRecords(sinks: readonly AuditSink[], { registry, ...parts }: RecordShippingParts): Shipping {
  let running: readonly SinkShipping[] = [];
  return Object.freeze({
    name: "shipping",
    async start(): Promise<void> {
      if (registry === undefined || running.length > 0) return;
      running = sinks.map((sink) => shipToSink(sink, { ...parts, registry }));
      await Promise.all(running.map(({ placed }) => placed));
    },
    write(): void {
      for (const shipping of running) shipping.wake();
    },
    health: () => running.map((shipping) => shipping.health()),
    async stop(limitMs: number): Promise<void> {
      await Promise.all(running.map((shipping) => shipping.stop(limitMs)));
    },
  });
}
