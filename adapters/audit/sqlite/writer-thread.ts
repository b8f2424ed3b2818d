import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import type { AuditEvent } from "../../../lib/audit/record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import { createChainWriter, type ChainWriter } from "./chain-writer";
import type { WriterReply, WriterRequest, WriterSettings } from "./writer-messages";

if (parentPort !== null) serve(parentPort, createChainWriter(workerData as WriterSettings));

function serve(port: MessagePort, writer: ChainWriter): void {
  port.on("message", (request: WriterRequest) => {
    if ("close" in request) {
      writer.close();
      port.close();
    } else {
      port.postMessage(answer(writer, JSON.parse(request.events) as readonly AuditEvent[]));
    }
  });
}

function answer(writer: ChainWriter, events: readonly AuditEvent[]): WriterReply {
  try {
    return { places: writer.write(events) };
  } catch (error) {
    return {
      error: error instanceof Error ? error.message : String(error),
      uncertain: error instanceof UncertainAppend,
    };
  }
}
