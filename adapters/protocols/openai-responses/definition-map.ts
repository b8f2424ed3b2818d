import { as, byMember, each, leftAlone, members, opaque, scanned } from "../text-map";
import { imagePart } from "./content-map";

/** A skill sent along as a zipped folder. */
const skill = members({ source: opaque("document", members({ data: leftAlone })) });

const tool = byMember("type", {
  shell: members({ environment: members({ skills: each(skill) }) }),
  image_generation: members({ input_image_mask: imagePart }),
});

/** Definitions of tools: read, never rewritten, since names and schemas are a contract between client and model. */
export const definitions = as("definition", each(tool));

/** Any other definition: the schema of a structured answer, a chosen tool. */
export const definition = as("definition", scanned);
