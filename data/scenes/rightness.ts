// How much of a scene the grader reads from an image of it.

import {relationHolds} from "./grade.js";
import {readScene} from "./grader.js";
import {type Place, relations, type Scene, type SceneObject} from "./grammar.js";

export type Aspect = "count" | "shape" | "colour" | "texture" | "size" | "face" | "place" | "background";

/** For each attribute the share of objects of which it is read rightly; all is 1 if everything is right, else 0. */
export interface Rightness extends Readonly<Record<Aspect | "all", number>> {
  /** null unless the scene has a relation. */
  readonly relation: number | null;
}

export function rightness(image: Uint8Array, scene: Scene): Rightness {
  const {objects, background} = readScene(image);
  // Each true object is compared with the nearest one that was read.
  const read = [...objects].sort((a, b) => order(a) - order(b));
  const pairs = [...scene.objects]
    .sort((a, b) => order(a) - order(b))
    .map((truth, i): readonly [SceneObject, SceneObject | undefined] => [truth, read[i]]);
  const share = (equal: (a: SceneObject, b: SceneObject) => boolean) =>
    pairs.filter(([truth, found]) => found !== undefined && equal(truth, found)).length / pairs.length;
  const aspects: Readonly<Record<Aspect, number>> = {
    count: Number(objects.length === scene.objects.length),
    shape: share((a, b) => a.shape === b.shape),
    colour: share((a, b) => a.colour === b.colour),
    texture: share((a, b) => a.texture === b.texture),
    size: share((a, b) => a.size === b.size),
    face: share((a, b) => a.face === b.face),
    place: share((a, b) => order(a) === order(b)),
    background: Number(background === scene.background)
  };
  let relation: number | null = null;
  if (scene.relation !== null) {
    const [a, b] = scene.objects.map((object) => objects.find((found) => order(found) === order(object)));
    const holding = a && b ? relations.filter((candidate) => relationHolds(a, candidate, b)) : [];
    relation = Number(holding.length === 1 && holding[0] === scene.relation);
  }
  const all = Number(relation !== 0 && Object.values(aspects).every((value) => value === 1));
  return {...aspects, relation, all};
}

function order({place}: {readonly place: Place}): number {
  return 3 * place.row + place.column;
}
