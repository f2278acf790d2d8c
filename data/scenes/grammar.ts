// What a scene may hold. Two sizes of world: "s" (32×32 pixels, up to two objects, three for testing) and "xs" (16×16
// pixels, one object). Boxes and places are multiples of 4 pixels, the side of an image token: a token then sees the same
// piece of an outline wherever the object stands, which a small codebook can learn (docs/results.md).

import type {Stream} from "../random.js";

export type DatasetName = "xs" | "s";

export const shapes = ["circle", "square", "triangle", "diamond", "star", "heart", "cross", "cloud"] as const;
export const colours = ["red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink"] as const;
export const textures = ["solid", "striped", "dotted"] as const;
export const sizes = ["small", "large"] as const;
export const backgrounds = ["sand", "sky", "meadow", "night"] as const;
export const relations = ["left of", "right of", "above", "below"] as const;

export type Shape = (typeof shapes)[number];
export type Colour = (typeof colours)[number];
export type Texture = (typeof textures)[number];
export type ObjectSize = (typeof sizes)[number];
export type Background = (typeof backgrounds)[number];
export type Relation = (typeof relations)[number];
/** Of a 3×3 grid: 0 is top or left, 1 the middle, 2 bottom or right. */
export type Third = 0 | 1 | 2;
export interface Place {
  readonly row: Third;
  readonly column: Third;
}

export interface SceneObject {
  readonly shape: Shape;
  readonly colour: Colour;
  readonly texture: Texture;
  readonly size: ObjectSize;
  readonly place: Place;
  readonly face: boolean;
}

export interface Scene {
  readonly objects: readonly SceneObject[];
  readonly background: Background;
  /** How the first object stands to the second; null unless there are two. */
  readonly relation: Relation | null;
}

export interface Vocabulary {
  /** Side of the image in pixels. */
  readonly pixels: 16 | 32;
  readonly shapes: readonly Shape[];
  readonly colours: readonly Colour[];
  readonly textures: readonly Texture[];
  readonly sizes: readonly ObjectSize[];
  readonly backgrounds: readonly Background[];
  /** Rows and columns at which one object may stand. */
  readonly thirds: readonly Third[];
  readonly faces: boolean;
  /** Most objects in a training scene. */
  readonly maxObjects: 1 | 2;
}

export const vocabularies: Readonly<Record<DatasetName, Vocabulary>> = {
  xs: {
    pixels: 16,
    shapes: ["circle", "square", "triangle", "star", "heart", "cross"],
    colours: ["red", "yellow", "green", "blue", "purple", "pink"],
    textures: ["solid"],
    sizes: ["large"],
    backgrounds: ["sand", "night"],
    thirds: [0, 2],
    faces: false,
    maxObjects: 1
  },
  s: {
    pixels: 32,
    shapes,
    colours,
    textures,
    sizes,
    backgrounds,
    thirds: [0, 1, 2],
    faces: true,
    maxObjects: 2
  }
};

/** How often things happen in a scene, where that is not "each equally likely". */
export const frequencies = {
  /** A scene of two objects, in "s". */
  pair: 0.35,
  /** The rest is shared evenly by the other textures. */
  solid: 0.5,
  face: 0.4
} as const;

/** A scene with count objects, drawn without regard to what is held out. */
export function drawScene(dataset: DatasetName, count: 1 | 2 | 3, stream: Stream): Scene {
  const vocabulary = vocabularies[dataset];
  const background = stream.pick(vocabulary.backgrounds);
  if (count === 1) {
    const place = {row: stream.pick(vocabulary.thirds), column: stream.pick(vocabulary.thirds)};
    return {objects: [drawObject(vocabulary, place, stream)], background, relation: null};
  }
  if (count === 2) {
    const relation = stream.pick(relations);
    const places = placesOf(relation, stream.pick(vocabulary.thirds));
    return {objects: places.map((place) => drawObject(vocabulary, place, stream)), background, relation};
  }
  const corners = Array.from(stream.permutation(4).subarray(0, 3));
  const objects = corners.map((corner) => {
    const place: Place = {row: corner < 2 ? 0 : 2, column: corner % 2 === 0 ? 0 : 2};
    return drawObject(vocabulary, place, stream);
  });
  return {objects, background, relation: null};
}

/** Where the two objects of a relation stand: in one row, or in one column. */
export function placesOf(relation: Relation, across: Third): [Place, Place] {
  const first = relation === "left of" || relation === "above" ? 0 : 2;
  const second = first === 0 ? 2 : 0;
  return relation === "left of" || relation === "right of"
    ? [
        {row: across, column: first},
        {row: across, column: second}
      ]
    : [
        {row: first, column: across},
        {row: second, column: across}
      ];
}

function drawObject(vocabulary: Vocabulary, place: Place, stream: Stream): SceneObject {
  const shape = stream.pick(vocabulary.shapes);
  const colour = stream.pick(vocabulary.colours);
  const patterned = vocabulary.textures.slice(1);
  const texture = patterned.length === 0 || stream.chance(frequencies.solid) ? "solid" : stream.pick(patterned);
  const size = stream.pick(vocabulary.sizes);
  const face = vocabulary.faces && stream.chance(frequencies.face);
  return {shape, colour, texture, size, place, face};
}
