import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import { createChainWriter, type ChainWriter } from "./chain-writer";
import type { PackedEvent } from "./packed-event";
import { BEGUN, WAITING, type WriterReply, type WriterRequest, type WriterSettings } from "./writer-messages";

if (parentPort !== null) serve(parentPort, createChainWriter(workerData as WriterSettings));

function serve(port: MessagePort, writer: ChainWriter): void {
  port.on("message", (first: WriterRequest) => {
    const { taken, events, isLast } = takeAll(port, first);
    if (taken.length > 0) port.postMessage({ taken, ...answer(writer, events) } satisfies WriterReply);
    if (!isLast) return;
    writer.close();
    port.close();
  });
}

interface Taken {
  /** Of each group how many records are to be written. */
  readonly taken: readonly number[];
  readonly events: readonly PackedEvent[];
  readonly isLast: boolean;
}

const TRANSACTION_RECORDS = 512;

/** All groups that have come by now share a transaction. */
function takeAll(port: MessagePort, first: WriterRequest): Taken {
  const taken: number[] = [];
  const events: PackedEvent[] = [];
  for (let next: WriterRequest | undefined = first; next !== undefined; next = received(port)) {
    if ("close" in next) return { taken, events, isLast: true };
    const isOurs = Atomics.compareExchange(next.state, 0, WAITING, BEGUN) === WAITING;
    taken.push(isOurs ? next.events.length : 0);
    if (isOurs) events.push(...next.events);
    if (events.length >= TRANSACTION_RECORDS) break;
  }
  return { taken, events, isLast: false };
}

function received(port: MessagePort): WriterRequest | undefined {
  return (receiveMessageOnPort(port) as { readonly message: WriterRequest } | undefined)?.message;
}

type Answer =
  { readonly places: ReturnType<ChainWriter["write"]> } | { readonly error: string; readonly uncertain: boolean };

function answer(writer: ChainWriter, events: readonly PackedEvent[]): Answer {
  if (events.length === 0) return { places: [] };
  try {
    return { places: writer.write(events) };
  } catch (error) {
    return {
      error: error instanceof Error ? error.message : String(error),
      uncertain: error instanceof UncertainAppend,
    };
  }
}
