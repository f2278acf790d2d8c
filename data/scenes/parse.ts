// What a caption asks for. Understands the training captions, the paraphrases, and more that a reader may type.

import {opposite} from "./captions.js";
import type {
  Background,
  Colour,
  DatasetName,
  ObjectSize,
  Relation,
  SceneObject,
  Shape,
  Texture,
  Third
} from "./grammar.js";
import {backgroundWords, colourWords, knownWords, shapeWords, sizeWords, textureWords, thingWord} from "./words.js";

/** null where the caption does not say. */
export interface WantedObject {
  readonly shape: Shape | null;
  readonly colour: Colour | null;
  readonly texture: Texture | null;
  readonly size: ObjectSize | null;
  readonly face: boolean | null;
  readonly place: {readonly row: Third | null; readonly column: Third | null};
}

export interface WantedScene {
  /** In the order in which the caption names them. */
  readonly objects: readonly WantedObject[];
  readonly background: Background | null;
  /** How the first object stands to the second. */
  readonly relation: Relation | null;
}

export interface ParsedCaption {
  readonly wanted: WantedScene;
  /** Words that training captions never use, each once, in order. */
  readonly unknownWords: string[];
}

const shapeOf = inverted<Shape>({...shapeWords, circle: [...shapeWords.circle, "ball", "disk"]});
const colourOf = inverted<Colour>(colourWords);
const textureOf = inverted<Texture>(textureWords);
const sizeOf = inverted<ObjectSize>(sizeWords);
const backgroundOf = inverted<Background>(backgroundWords);

/** Phrases that become one word, tried in this order. A relation said of "it" is the later object's. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\b(?:without a|with no|no) (?:face|smile)\b/g, "#noface"],
  [/\bfaceless\b/g, "#noface"],
  [/\b(?:with|has|having) (?:a |two )?(?:face|smile|eyes)\b/g, "#face"],
  [/\b(?:smiling|face|smile)\b/g, "#face"],
  [/\b(?:to|on) its (left|right)\b/g, "#its-$1"],
  [/\b(above|over|below|under|beneath) (?:it|this)\b/g, "#its-$1"],
  [/\b(?:to |on )?(?:the )?(left|right) (?:hand )?(?:side )?of\b(?! the (?:image|picture))/g, "#rel-$1"],
  [/(?<!-)\b(above|over|below|under|beneath|underneath)\b/g, "#rel-$1"]
];
const relationNamed: Readonly<Record<string, Relation>> = {
  left: "left of",
  right: "right of",
  above: "above",
  over: "above",
  below: "below",
  under: "below",
  beneath: "below",
  underneath: "below"
};
const separators = new Set([",", "and", "a", "an", "the", "one", "another", "has", "sits", "is"]);
const articles = new Set(["a", "an", "the", "one", "another"]);

export function parseCaption(caption: string, dataset: DatasetName = "s"): ParsedCaption {
  const text = caption
    .toLowerCase()
    .replace(/[^a-z,]+/g, " ")
    .trim();
  const known = new Set(knownWords(dataset));
  const unknownWords = [...new Set(text.split(/[ ,]+/).filter((word) => word !== "" && !known.has(word)))];
  const marked = phrases.reduce((before, [pattern, mark]) => before.replace(pattern, ` ${mark} `), text);
  const words = marked
    .replace(/,/g, " , ")
    .split(" ")
    .filter((word) => word !== "");

  const background = words.map((word) => backgroundOf.get(word)).find((value) => value !== undefined) ?? null;
  const {objects, relation} = arranged(words);
  return {wanted: {objects, background, relation}, unknownWords};
}

/** Cuts at the relation, if there is one. */
function arranged(words: readonly string[]): {objects: WantedObject[]; relation: Relation | null} {
  const cut = words.findIndex((word) => word.startsWith("#rel-") || word.startsWith("#its-"));
  if (cut < 0) return {objects: objectsIn(words), relation: null};
  const [kind, name] = words[cut]!.slice(1).split("-") as [string, string];
  const relation = relationNamed[name]!;
  const before = objectsIn(words.slice(0, cut));
  const after = objectsIn(words.slice(cut + 1));
  const objects = [...before, ...after];
  if (objects.length < 2) return {objects, relation: null};
  // "B has A to its left" and "left of B is A" name first the object that the other is left of.
  return {objects, relation: kind === "its" || before.length === 0 ? opposite[relation] : relation};
}

/** Each object has one noun; it begins after the last article or separator before that noun. */
function objectsIn(words: readonly string[]): WantedObject[] {
  const nouns = words.flatMap((word, i) => (shapeOf.has(word) || isThing(word) ? [i] : []));
  const starts = nouns.slice(1).map((noun, i) => {
    const between = words.slice(nouns[i]! + 1, noun);
    const article = between.findLastIndex((word) => articles.has(word));
    const start = article >= 0 ? article : between.findLastIndex((word) => separators.has(word));
    return nouns[i]! + 1 + Math.max(0, start);
  });
  const bounds = [0, ...starts, words.length];
  return bounds
    .slice(1)
    .map((end, i) => objectOf(words.slice(bounds[i], end)))
    .filter((object, i) => nouns[i] !== undefined || saysAnything(object));
}

function objectOf(words: readonly string[]): WantedObject {
  const find = <T>(table: ReadonlyMap<string, T>) =>
    words.map((word) => table.get(word)).find((value) => value !== undefined) ?? null;
  const face = words.includes("#noface") ? false : words.includes("#face") ? true : null;
  return {
    shape: find(shapeOf),
    colour: find(colourOf),
    texture: find(textureOf),
    size: find(sizeOf),
    face,
    place: placeIn(words)
  };
}

function placeIn(words: readonly string[]): WantedObject["place"] {
  const has = (...names: string[]) => names.some((name) => words.includes(name));
  const row: Third | null = has("top", "upper") ? 0 : has("bottom", "lower") ? 2 : null;
  const column: Third | null = has("left") ? 0 : has("right") ? 2 : null;
  if (!has("middle", "centre", "center")) return {row, column};
  return {row: row ?? 1, column: column ?? 1};
}

function saysAnything({shape, colour, texture, size, face, place}: WantedObject): boolean {
  return [shape, colour, texture, size, face, place.row, place.column].some((value) => value !== null);
}

function isThing(word: string): boolean {
  return word === thingWord || word === "shape" || word === "something";
}

function inverted<T extends SceneObject["shape"] | Colour | Texture | ObjectSize | Background>(
  table: Readonly<Record<T, readonly string[]>>
): ReadonlyMap<string, T> {
  return new Map(
    (Object.keys(table) as T[]).flatMap((value) => table[value].map((word): [string, T] => [word, value]))
  );
}
