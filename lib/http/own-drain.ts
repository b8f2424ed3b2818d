import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";

const METHODS = ["on", "addListener", "off", "removeListener"] as const;
type Listener = (...args: unknown[]) => void;

/**
 * Makes `drain` on this response mean that there is room in front of the gate: the replacements of the methods that
 * add and take away listeners, and the function that tells those listeners. `drain` of the socket goes to whoever
 * listened before, and `compression()`, which keeps such listeners to itself, keeps none of these.
 */
export function ownDrain(res: ServerResponse): {
  readonly methods: Record<string, PropertyDescriptor>;
  readonly tell: () => void;
} {
  const listeners = new EventEmitter();
  const methods = METHODS.map((name) => {
    const before = res[name].bind(res) as (event: string | symbol, listener: Listener) => ServerResponse;
    const value = (event: string | symbol, listener: Listener): ServerResponse => {
      if (event !== "drain") return before(event, listener);
      listeners[name](event, listener);
      return res;
    };
    return [name, { value, writable: true }] as const;
  });
  return { methods: Object.fromEntries(methods), tell: () => void listeners.emit("drain") };
}
