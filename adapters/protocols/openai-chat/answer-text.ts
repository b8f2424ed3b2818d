import { as, each, leftAlone, members, text } from "../text-map";
import { SPOKEN } from "./text-parts";

const spoken = members({
  ...SPOKEN,
  role: leftAlone,
  audio: members({ id: leftAlone, data: leftAlone, transcript: text }),
});

const CHOICE = { finish_reason: leftAlone, native_finish_reason: leftAlone, logprobs: leftAlone };

/** Where text is in an answer and in a chunk of a stream (`delta`). `logprobs` repeat the text and go when it changes. */
export const answerText = as(
  "assistant",
  members({
    id: leftAlone,
    object: leftAlone,
    model: leftAlone,
    system_fingerprint: leftAlone,
    service_tier: leftAlone,
    obfuscation: leftAlone,
    usage: leftAlone,
    choices: each(members({ ...CHOICE, message: spoken, delta: spoken, text })),
  }),
);
