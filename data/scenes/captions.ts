// Says what is in a scene, now in these words and now in those; some attributes go unsaid.

import type {Stream} from "../random.js";
import type {DatasetName, Place, Relation, Scene, SceneObject} from "./grammar.js";
import {
  backgroundPhrases,
  colourWords,
  columnWords,
  faceAdjective,
  facePhrases,
  noFacePhrase,
  openings,
  relationPhrases,
  rowWords,
  shapeWords,
  sizeWords,
  textureWords,
  thingWord
} from "./words.js";

/** How often an attribute is said, of one object alone and of each of several. */
const said = {
  one: {shape: 0.97, colour: 0.93, size: 0.5, texture: 0.7, solid: 0.15, face: 0.85, noFace: 0.1, place: 0.55},
  several: {shape: 1, colour: 0.97, size: 0.2, texture: 0.5, solid: 0.03, face: 0.6, noFace: 0, place: 0}
} as const;
const backgroundSaid = {one: 0.4, several: 0.25};
const relationSaid = 0.88;
/** How often the usual word is taken where there are others. */
const usual = 0.75;

export const opposite: Readonly<Record<Relation, Relation>> = {
  "left of": "right of",
  "right of": "left of",
  above: "below",
  below: "above"
};

export type Attribute = "shape" | "colour" | "texture" | "face" | "relation";

/**
 * A caption in the style of "a small red star with a face, top left". Draws from the stream.
 * must: attributes that may not be dropped, of any object.
 */
export function describe(
  scene: Scene,
  stream: Stream,
  dataset: DatasetName = "s",
  must: readonly Attribute[] = []
): string {
  if (dataset === "xs") return describeXs(scene, stream);
  const [first, second, ...more] = scene.objects;
  if (first === undefined) throw new Error("describe: expected at least one object, got none");
  const opening = stream.chance(0.15) ? `${stream.pick(openings)} ` : "";
  if (second === undefined) {
    const tail = tailOf(stream, placeOf(first.place, stream, said.one.place), backgroundOf(scene, stream, "one"));
    return opening + phrase(first, stream, "one", must) + tail;
  }
  const tail = tailOf(stream, null, backgroundOf(scene, stream, "several"));
  const [a, b] = [phrase(first, stream, "several", must), phrase(second, stream, "several", must)];
  if (more.length > 0 || scene.relation === null || (!stream.chance(relationSaid) && !must.includes("relation"))) {
    const phrases = [a, b, ...more.map((object) => phrase(object, stream, "several", must))];
    if (phrases.length === 2 && stream.chance(0.5)) phrases.reverse();
    return `${opening}${phrases.slice(0, -1).join(", ")} and ${phrases.at(-1)}${tail}`;
  }
  // Said from either object's side.
  const swap = stream.chance(0.5);
  const relation = relationPhrases[swap ? opposite[scene.relation] : scene.relation];
  const between = choose(relation, stream);
  return opening + (swap ? `${b} ${between} ${a}` : `${a} ${between} ${b}`) + tail;
}

/** Short and with few words, for a text encoder that must learn them within a minute. */
function describeXs(scene: Scene, stream: Stream): string {
  const object = scene.objects[0];
  if (object === undefined) throw new Error("describe: expected an object, got none");
  const place = stream.chance(0.6) ? `, ${rowWords[object.place.row]} ${columnWords[object.place.column]}` : "";
  const background = stream.chance(0.35) ? ` ${backgroundPhrases[scene.background][0]}` : "";
  return `a ${colourWords[object.colour][0]} ${shapeWords[object.shape][0]}${background}${place}`;
}

function phrase(object: SceneObject, stream: Stream, mode: "one" | "several", must: readonly Attribute[]): string {
  const p = said[mode];
  const says = (chance: number, attribute?: Attribute) =>
    stream.chance(chance) || (attribute !== undefined && must.includes(attribute));
  const noun = says(p.shape, "shape") ? choose(shapeWords[object.shape], stream) : thingWord;
  const colour = says(p.colour, "colour") ? choose(colourWords[object.colour], stream) : "";
  const size = says(p.size) ? choose(sizeWords[object.size], stream) : "";
  const texture = says(object.texture === "solid" ? p.solid : p.texture, "texture")
    ? choose(textureWords[object.texture], stream)
    : "";
  const face = object.face && says(p.face, "face") ? stream.pick([...facePhrases, faceAdjective]) : "";
  const noFace = !object.face && says(p.noFace) ? noFacePhrase : "";
  const before = [size, face === faceAdjective ? face : "", texture, colour, noun].filter((word) => word !== "");
  const after = face === faceAdjective ? noFace : face + noFace;
  const article = /^[aeiou]/.test(before[0]!) ? "an" : "a";
  return [article, ...before, after].filter((word) => word !== "").join(" ");
}

/** What is said of a place, without a preposition: both, one or neither of row and column; null if nothing. */
function placeOf({row, column}: Place, stream: Stream, chance: number): string | null {
  if (!stream.chance(chance)) return null;
  const how = stream.uniform();
  if (row === 1 && column === 1) return how < 0.5 ? "in the middle" : "in the centre";
  if (how < 0.15 && row !== 1) return `at the ${rowWords[row]}`;
  if (how > 0.85 && column !== 1) return `on the ${columnWords[column]}`;
  const both = `${rowWords[row]} ${columnWords[column]}`;
  if (how < 0.6) return both;
  return row !== 1 && column !== 1 && how < 0.7 ? `in the ${both} corner` : `at the ${both}`;
}

function backgroundOf(scene: Scene, stream: Stream, mode: "one" | "several"): string | null {
  return stream.chance(backgroundSaid[mode]) ? choose(backgroundPhrases[scene.background], stream) : null;
}

/** ", top left, at night", in either order. */
function tailOf(stream: Stream, place: string | null, background: string | null): string {
  const comma = stream.chance(0.5);
  const parts = [place, background].filter((part) => part !== null);
  if (parts.length === 2 && stream.chance(0.3)) parts.reverse();
  return parts.map((part) => (comma || !/^(at|in|on|up) /.test(part) ? `, ${part}` : ` ${part}`)).join("");
}

/** Mostly the usual word. */
export function choose(words: readonly string[], stream: Stream): string {
  return words.length === 1 || stream.chance(usual) ? words[0]! : stream.pick(words.slice(1));
}
