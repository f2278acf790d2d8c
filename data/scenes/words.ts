// The words of captions: what a writer may choose, and what a reader understands by them.

import type {Background, Colour, DatasetName, ObjectSize, Relation, Shape, Texture} from "./grammar.js";
import {vocabularies} from "./grammar.js";

/** The first word is the usual one; "xs" knows only that. */
export const shapeWords: Readonly<Record<Shape, readonly string[]>> = {
  circle: ["circle", "disc"],
  square: ["square", "box"],
  triangle: ["triangle"],
  diamond: ["diamond", "kite"],
  star: ["star"],
  heart: ["heart"],
  cross: ["cross", "plus"],
  cloud: ["cloud"]
};
/** Stands for a shape that is not said. */
export const thingWord = "thing";

export const colourWords: Readonly<Record<Colour, readonly string[]>> = {
  red: ["red"],
  orange: ["orange"],
  yellow: ["yellow"],
  green: ["green"],
  turquoise: ["turquoise", "teal"],
  blue: ["blue"],
  purple: ["purple", "violet"],
  pink: ["pink"]
};

export const textureWords: Readonly<Record<Texture, readonly string[]>> = {
  solid: ["plain", "solid"],
  striped: ["striped", "stripy"],
  dotted: ["dotted", "spotted"]
};

export const sizeWords: Readonly<Record<ObjectSize, readonly string[]>> = {
  small: ["small", "little", "tiny"],
  large: ["large", "big"]
};

/** How a background is said, at the end of a caption. */
export const backgroundPhrases: Readonly<Record<Background, readonly string[]>> = {
  sand: ["on the sand", "on a beach"],
  sky: ["in the sky", "up in the sky"],
  meadow: ["on a meadow", "in the grass"],
  night: ["at night", "in the dark"]
};
/** The words of those phrases that carry the meaning. */
export const backgroundWords: Readonly<Record<Background, readonly string[]>> = {
  sand: ["sand", "beach"],
  sky: ["sky"],
  meadow: ["meadow", "grass"],
  night: ["night", "dark"]
};

export const relationPhrases: Readonly<Record<Relation, readonly string[]>> = {
  "left of": ["left of", "to the left of"],
  "right of": ["right of", "to the right of"],
  above: ["above", "over"],
  below: ["below", "under"]
};

export const facePhrases = ["with a face", "with a smile"] as const;
export const faceAdjective = "smiling";
export const noFacePhrase = "without a face";
/** Before a caption of "s", seldom. */
export const openings = ["a picture of", "there is"] as const;

export const rowWords = ["top", "middle", "bottom"] as const;
export const columnWords = ["left", "middle", "right"] as const;

/** Every word that training captions may use, in alphabetical order. */
export function knownWords(dataset: DatasetName): readonly string[] {
  const {shapes, colours, textures, sizes, backgrounds, thirds, faces, maxObjects} = vocabularies[dataset];
  const plain = dataset === "xs";
  const some = (words: readonly string[]) => (plain ? words.slice(0, 1) : words);
  const phrases = [
    "a",
    ...shapes.flatMap((shape) => some(shapeWords[shape])),
    ...colours.flatMap((colour) => some(colourWords[colour])),
    ...(textures.length > 1 ? textures.flatMap((texture) => textureWords[texture]) : []),
    ...(sizes.length > 1 ? sizes.flatMap((size) => sizeWords[size]) : []),
    ...backgrounds.flatMap((background) => some(backgroundPhrases[background])),
    ...thirds.flatMap((third) => [rowWords[third], columnWords[third]]),
    ...(faces ? [...facePhrases, faceAdjective, noFacePhrase] : []),
    ...(maxObjects > 1 ? ["and", ...Object.values(relationPhrases).flat()] : []),
    ...(plain ? [] : [...openings, thingWord, "an", "at the", "on the", "in the centre", "corner"])
  ];
  return [...new Set(phrases.flatMap((phrase) => phrase.split(" ")))].sort();
}
