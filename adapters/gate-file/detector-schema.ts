import { z } from "zod";
import { strictObject } from "../policy/strict-object";

const text = z.string().min(1, { error: "must not be empty" });

/** An entry of `dlp.detectors`: what it may hold is for the detector's own adapter to judge. */
export const detectorSchema = strictObject({
  presidio: strictObject({
    url: text,
    language: text.exactOptional(),
    entities: z.union([z.array(text), z.record(text, text)]).exactOptional(),
    scoreThreshold: z.number().exactOptional(),
    timeoutMs: z.number().exactOptional(),
    connections: z.number().exactOptional(),
    batchSize: z.number().exactOptional(),
    headers: z.record(text, text).exactOptional(),
  }),
});

export type DetectorSettings = z.infer<typeof detectorSchema>;
