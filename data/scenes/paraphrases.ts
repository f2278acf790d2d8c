// Sentences that training never uses: other orders, a few other words. For the paraphrase split alone.

import type {Stream} from "../random.js";
import {choose, opposite} from "./captions.js";
import type {DatasetName, Scene, SceneObject} from "./grammar.js";
import {colourWords, columnWords, rowWords, shapeWords, sizeWords, textureWords} from "./words.js";

/** A caption of a scene of one or two objects, in a way that describe() never says it. Draws from the stream. */
export function paraphrase(scene: Scene, stream: Stream, dataset: DatasetName = "s"): string {
  const [first, second] = scene.objects;
  if (first === undefined) throw new Error("paraphrase: expected at least one object, got none");
  const words = (list: readonly string[]) => (dataset === "xs" ? list[0]! : choose(list, stream));
  if (second !== undefined && scene.relation !== null) return ofTwo(scene, stream, first, second);
  const shape = words(shapeWords[first.shape]);
  const colour = words(colourWords[first.colour]);
  const details = detailsOf(dataset, first, stream);
  const where = stream.chance(0.4) ? `the ${rowWords[first.place.row]} ${columnWords[first.place.column]}` : null;
  switch (stream.int(3)) {
    case 0: {
      const last = first.face && dataset === "s" ? " and has a face" : "";
      return `the ${shape} is ${[...details, colour].join(" and ")}${last}${where ? `, it sits at ${where}` : ""}`;
    }
    case 1: {
      const parts = [shape, colour, ...details, ...(first.face ? ["smiling"] : []), ...(where ? [where.slice(4)] : [])];
      return parts.join(", ");
    }
    default: {
      const face = first.face ? " that has a face" : "";
      const adjectives = details.length > 0 ? `${details.join(" ")} ` : "";
      return `draw me ${article(adjectives + shape)} painted ${colour}${face}${where ? `, put it at ${where}` : ""}`;
    }
  }
}

function ofTwo(scene: Scene, stream: Stream, first: SceneObject, second: SceneObject): string {
  const relation = scene.relation!;
  const a = article(`${colourWords[first.colour][0]} ${shapeWords[first.shape][0]}`);
  const b = article(`${colourWords[second.colour][0]} ${shapeWords[second.shape][0]}`);
  const sideways = relation === "left of" || relation === "right of";
  if (stream.chance(0.5)) {
    const side = relation === "left of" ? "to its left" : relation === "right of" ? "to its right" : `${relation} it`;
    return `${b} has ${a} ${side}`;
  }
  const front = sideways ? `to the ${relation}` : relation;
  return stream.chance(0.5) ? `${front} ${b} sits ${a}` : `${b}: ${reverse(relation)} ${a}`;
}

/** "it is left of", from the second object's side. */
function reverse(relation: NonNullable<Scene["relation"]>): string {
  return `it is ${opposite[relation]}`;
}

function detailsOf(dataset: DatasetName, object: SceneObject, stream: Stream): string[] {
  if (dataset === "xs") return [];
  const size = stream.chance(0.5) ? [sizeWords[object.size][0]!] : [];
  const texture = object.texture !== "solid" && stream.chance(0.8) ? [textureWords[object.texture][0]!] : [];
  return [...size, ...texture];
}

function article(words: string): string {
  return /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`;
}
