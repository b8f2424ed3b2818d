import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { AuditRecord } from "../../lib/audit/record";

export interface ReceivedMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly messages: ReceivedMessage[];
  /** `node:seq` of the records that were answered with 2xx, in the order that they came. */
  readonly got: string[];
  /** Answers a message; ends it with 204 where it does nothing. */
  answer: (response: ServerResponse, message: ReceivedMessage) => unknown;
  has(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface Envelope {
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly node: string;
    readonly first: number;
    readonly last: number;
    readonly records: AuditRecord[];
  };
}

/** A web server that takes what a webhook sends. */
export async function webhookReceiver(port = 0): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    void buffer(request).then(async (bytes) => {
      const message = { headers: request.headers, body: bytes.toString("utf8") };
      receiver.messages.push(message);
      await receiver.answer(response, message);
      if (!response.writableEnded && !response.destroyed && !response.headersSent) response.writeHead(204).end();
      if (response.statusCode < 300) receiver.got.push(...recordIds(message));
    });
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit?token=in-the-query`,
    ...{ messages: [], got: [], answer: () => undefined },
    async has(count) {
      while (receiver.got.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

export function envelopeOf({ body }: ReceivedMessage): Envelope {
  return JSON.parse(body) as Envelope;
}

function recordIds(message: ReceivedMessage): readonly string[] {
  return envelopeOf(message).data.records.map(({ node, seq }) => `${node}:${seq}`);
}

/** By the specification's own rule, not by our code. */
export function isSigned({ headers, body }: ReceivedMessage, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const text = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(expected);
}
