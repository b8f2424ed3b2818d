import { counted, type ClientSite } from "./client-site";

/** What `work` was rejected with; a test fails when it was not. */
export async function caught(work: Promise<unknown>): Promise<unknown> {
  const settled = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in settled) return settled.error;
  throw new Error(`it was not refused: ${JSON.stringify(settled.value)}`);
}

/** The same, of one request on the wire of which the upstream never heard. */
export async function refusedOnce(site: ClientSite, work: () => Promise<unknown>): Promise<unknown> {
  let error: unknown;
  const made = await counted(site, async () => {
    error = await caught(work());
  });
  expect(made).toEqual({ requests: 1, upstream: 0 });
  return error;
}

/** Reads a stream to its end, or to its failure. */
export async function readInto<Event>(stream: AsyncIterable<Event>, each: (event: Event) => unknown): Promise<void> {
  for await (const event of stream) each(event);
}

export async function readThrough<Event>(stream: AsyncIterable<Event>): Promise<readonly Event[]> {
  const events: Event[] = [];
  await readInto(stream, (event) => events.push(event));
  return events;
}
