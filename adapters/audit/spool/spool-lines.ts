import { createHash } from "node:crypto";
import type { AuditEvent } from "../../../lib/audit/record";

/**
 * A spool's format, 1. Its first line says whose it is; every further one is an append:
 *
 *   {"node":NODE,"spool":1}
 *   DIGEST OFFSET [EVENT,…]
 *
 * DIGEST is the first 32 hex digits of the SHA-256 of what follows the space behind it; OFFSET is where the line begins, in bytes.
 */
export function headLine(node: string): string {
  return `${JSON.stringify({ node, spool: 1 })}\n`;
}

/** Null for a line that no spool begins with. */
export function nodeOf(line: string): string | null {
  try {
    const { node, spool } = JSON.parse(line) as { readonly node?: unknown; readonly spool?: unknown };
    return spool === 1 && typeof node === "string" ? node : null;
  } catch {
    return null;
  }
}

export function spoolLine(offset: number, events: readonly AuditEvent[]): string {
  const told = `${offset} ${JSON.stringify(events)}`;
  return `${digestOf(told)} ${told}\n`;
}

export interface SpooledAppend {
  readonly offset: number;
  readonly events: readonly AuditEvent[];
}

/** Null for a line that is not what was written. */
export function parseSpoolLine(line: string): SpooledAppend | null {
  const told = line.slice(DIGEST_DIGITS + 1);
  if (line.slice(0, DIGEST_DIGITS + 1) !== `${digestOf(told)} `) return null;
  const space = told.indexOf(" ");
  return { offset: Number(told.slice(0, space)), events: JSON.parse(told.slice(space + 1)) as readonly AuditEvent[] };
}

const DIGEST_DIGITS = 32;

function digestOf(told: string): string {
  return createHash("sha256").update(told, "utf8").digest("hex").slice(0, DIGEST_DIGITS);
}
