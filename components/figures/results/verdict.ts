// What the grader says of a picture, in words.

import {type Grade, grade} from "../../../data/scenes/grade.js";
import {parseCaption} from "../../../data/scenes/parse.js";
import type {Size} from "../../training/protocol.js";

const aspects = ["count", "shape", "colour", "texture", "size", "face", "place", "background", "relation"] as const;
const words: Readonly<Record<(typeof aspects)[number], string>> = {
  count: "number of objects",
  shape: "shape",
  colour: "colour",
  texture: "pattern",
  size: "size",
  face: "face",
  place: "place",
  background: "ground",
  relation: "arrangement"
};

export function gradeOf(image: Uint8Array, caption: string, size: Size): Grade {
  return grade(image, parseCaption(caption, size).wanted);
}

/** "✓ all that is named" or "✗ colour, place". */
export function verdictOf({allNamed, perAttribute}: Grade): string {
  if (allNamed) return "✓ all that the caption names";
  const wrong = aspects.filter((aspect) => perAttribute[aspect] !== null && perAttribute[aspect]! < 1);
  return `✗ ${wrong.map((aspect) => words[aspect]).join(", ")}`;
}
