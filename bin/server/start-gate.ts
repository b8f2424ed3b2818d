import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type winston from "winston";
import { llmGate } from "../../adapters/index";
import type { Environment } from "../../adapters/gate-file/environment";
import type { GateFile } from "../../adapters/gate-file/read-gate-file";
import { createGateServer } from "../../adapters/server/create-server";
import type { Gate } from "../../lib/gate";
import { initializeWhenFresh, makeCheckpointKey, makeContentKey } from "../store/initialize-store";
import { isPostgres, storeAt } from "../store/store-at";
import { gateOptions } from "./gate-options";
import { listen, refuseTakenPort } from "./listen";
import { openDetectors, type OpenDetectors } from "./open-detectors";
import { openUpstreams } from "./open-upstreams";

/** A gate that accepts connections. */
export interface RunningGate {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Refuses new calls, waits for the running ones, closes audit trail, store and providers. */
  close(graceMs: number): Promise<void>;
}

/** Starts what a gate file says. When something is wrong it rejects with the reason, and what was open is closed. */
export async function startGate(file: GateFile, log: winston.Logger, environment: Environment): Promise<RunningGate> {
  await refuseTakenPort(file.listen);
  await initializeWhenFresh(file.database, environment);
  if (file.audit.checkpointKey === undefined && !isPostgres(file.database)) makeCheckpointKey(file.database);
  if (keepsTextBeside(file)) makeContentKey(file.database, environment);
  const upstreams = openUpstreams(file, log);
  const detectors = openDetectors(file);
  const gate = await openGate(file, log, detectors);
  const parts = [upstreams, detectors];
  try {
    const { prefix = "/v1", trustProxy } = file;
    const server = createGateServer({ gate, prefix, trustProxy, upstreams: upstreams.routes, logger: log });
    await listen(server, file.listen);
    return Object.freeze({ url: urlOf(server), close: (graceMs: number) => closeAll(gate, parts, graceMs) });
  } catch (error) {
    await closeAll(gate, parts, 0);
    throw error;
  }
}

function keepsTextBeside({ audit, database }: GateFile): boolean {
  return audit.content !== undefined && audit.contentKey === undefined && !isPostgres(database);
}

/** The store is opened first: what is wrong with it is then said once, by whoever called. */
async function openGate(file: GateFile, log: winston.Logger, opened: OpenDetectors): Promise<Gate> {
  const store = storeAt(file.database, { create: true });
  await store.open();
  let gate: Gate | null = null;
  try {
    gate = llmGate(gateOptions(file, store, log, opened.detectors));
    await gate.ready();
    await opened.check(log);
    return gate;
  } catch (error) {
    await (gate === null ? store.close() : gate.close(0));
    throw error;
  }
}

async function closeAll(gate: Gate, parts: readonly { close(): Promise<void> }[], graceMs: number): Promise<void> {
  await gate.close(graceMs);
  for (const part of parts) await part.close();
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
