// Which combinations are kept from training, so that drawing them shows composition rather than memory (facts 18.4).

import {
  type Colour,
  colours,
  type DatasetName,
  type Relation,
  type Scene,
  type SceneObject,
  type Shape,
  type Texture,
  vocabularies
} from "./grammar.js";

export type HeldOut = "colourShape" | "colourTexture" | "faceShape" | "relation";

/** A Latin square: each shape misses one colour, each colour one shape. */
const missingColour: Readonly<Record<DatasetName, Readonly<Partial<Record<Shape, Colour>>>>> = {
  xs: {circle: "green", square: "pink", triangle: "purple", star: "blue", heart: "yellow", cross: "red"},
  s: {
    circle: "green",
    square: "pink",
    triangle: "purple",
    diamond: "orange",
    star: "blue",
    heart: "yellow",
    cross: "red",
    cloud: "turquoise"
  }
};

const missingTexture: Readonly<Partial<Record<Colour, Texture>>> = {
  red: "dotted",
  orange: "striped",
  turquoise: "dotted",
  purple: "striped"
};

/** These never have a face in training. */
export const facelessShapes: readonly Shape[] = ["heart", "cloud"];

/** [first, how it never stands, to second]; the same said from the other side is missing too. */
export const missingRelations: readonly (readonly [Shape, Relation, Shape])[] = [
  ["circle", "left of", "square"],
  ["star", "left of", "heart"],
  ["cross", "left of", "cloud"],
  ["diamond", "left of", "triangle"],
  ["square", "above", "circle"],
  ["heart", "above", "star"],
  ["cloud", "above", "cross"],
  ["triangle", "above", "diamond"]
];

/** All pairs of a colour and a shape that training never shows together. */
export function missingColourShapes(dataset: DatasetName): {colour: Colour; shape: Shape}[] {
  return vocabularies[dataset].shapes.map((shape) => ({shape, colour: missingColour[dataset][shape]!}));
}

/** Colours that training shows with each shape. */
export function coloursAShape(dataset: DatasetName): number {
  return vocabularies[dataset].colours.length - 1;
}

/**
 * Whether every object's pair of colour and shape is among those that remain when each shape keeps only so many of its
 * colours: the ones that follow the missing one are taken away, so that each colour loses as many shapes.
 */
export function showsKeptPairs(dataset: DatasetName, scene: Scene, kept: number): boolean {
  const {colours: all} = vocabularies[dataset];
  return scene.objects.every(({shape, colour}) => {
    const missing = all.indexOf(missingColour[dataset][shape]!);
    const after = (all.indexOf(colour) - missing + all.length) % all.length; // 0 is the missing one itself
    return after >= all.length - kept;
  });
}

export function missingColourTextures(): {colour: Colour; texture: Texture}[] {
  return colours.flatMap((colour) => {
    const texture = missingTexture[colour];
    return texture === undefined ? [] : [{colour, texture}];
  });
}

/** The held-out combinations that a scene holds, each named once. */
export function heldOutIn(dataset: DatasetName, scene: Scene): HeldOut[] {
  const found = new Set<HeldOut>(scene.objects.flatMap((object) => heldOutOf(dataset, object)));
  const [a, b] = scene.objects;
  if (a !== undefined && b !== undefined && scene.relation !== null) {
    const {relation} = scene;
    if (missingRelations.some((missing) => matches(missing, a.shape, relation, b.shape))) found.add("relation");
  }
  return [...found];
}

/** The held-out combinations of one object; attributes that are null are not looked at. */
export function heldOutOf(
  dataset: DatasetName,
  object: {readonly [K in "shape" | "colour" | "texture" | "face"]: SceneObject[K] | null}
): HeldOut[] {
  const {shape, colour, texture, face} = object;
  const found: HeldOut[] = [];
  if (shape !== null && missingColour[dataset][shape] === colour && colour !== null) found.push("colourShape");
  if (dataset === "xs") return found;
  if (colour !== null && texture !== null && missingTexture[colour] === texture) found.push("colourTexture");
  if (face === true && shape !== null && facelessShapes.includes(shape)) found.push("faceShape");
  return found;
}

const opposites: Readonly<Record<Relation, Relation>> = {
  "left of": "right of",
  "right of": "left of",
  above: "below",
  below: "above"
};

/** Is it this arrangement, said from either side? */
export function matches(
  [first, how, second]: readonly [Shape, Relation, Shape],
  a: Shape,
  relation: Relation,
  b: Shape
): boolean {
  if (first === a && how === relation && second === b) return true;
  return first === b && opposites[how] === relation && second === a;
}
