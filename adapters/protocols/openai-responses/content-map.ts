import { isJsonObject, member } from "../../../lib/json";
import { address, identifier } from "../plain-values";
import {
  byMember,
  each,
  leftAlone,
  members,
  opaque,
  structured,
  text,
  textOrEach,
  type Place,
  type TextReader,
} from "../text-map";

/** Members of parts and items that carry no text of anybody's. */
export const ENVELOPE: Readonly<Record<string, TextReader>> = Object.freeze({
  type: identifier,
  id: identifier,
  call_id: identifier,
  file_id: identifier,
  container_id: identifier,
  approval_request_id: identifier,
  status: identifier,
  role: identifier,
  phase: identifier,
});

/** An image by address, bytes or file id. */
export const imagePart = opaque("image", members({ ...ENVELOPE, image_url: address, url: address }));

const fileMembers = members({ ...ENVELOPE, file_data: leftAlone, file_url: address });
const filePart: TextReader = (place, found) => opaque(hasBytes(place) ? "document" : "file", fileMembers)(place, found);

const textPart = members({ ...ENVELOPE, text, logprobs: leftAlone });

/** One part of `content`, or of a tool's output. */
export const contentPart = byMember("type", {
  input_text: textPart,
  output_text: textPart,
  text: textPart,
  refusal: members({ ...ENVELOPE, refusal: text }),
  reasoning_text: textPart,
  summary_text: textPart,
  input_image: imagePart,
  computer_screenshot: imagePart,
  input_file: filePart,
  input_audio: opaque("audio"),
  output_audio: opaque("audio", members({ ...ENVELOPE, data: leftAlone, transcript: text })),
});

/** `content` of a message: a string or a list of parts. */
export const content = textOrEach(contentPart);

/** `output` of a tool: the same, or data as it is. */
export const toolOutput = textOrEach(contentPart, structured);

/** A value of `prompt.variables`: a string or one part. */
export const textOrPart: TextReader = (place, found) =>
  typeof place.value === "string" ? text(place, found) : contentPart(place, found);

/** `summary` and `content` of reasoning: a list of parts, or null. */
export const reasoningParts = each(contentPart);

function hasBytes({ value }: Place): boolean {
  return isJsonObject(value) && typeof member(value, "file_data") === "string";
}
