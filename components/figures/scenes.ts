// What the figures say about the scenes: suggestions, the words that a model knows, colours to paint with.

import {type Background, backgrounds, type Colour, colours, vocabularies} from "../../data/scenes/grammar.js";
import {heldOutOf, matches, missingRelations} from "../../data/scenes/heldOut.js";
import {parseCaption, type WantedScene} from "../../data/scenes/parse.js";
import {grounds, palette} from "../../data/scenes/render.js";
import {example} from "../../data/scenes/splits.js";
import {knownWords} from "../../data/scenes/words.js";
import type {PixelPadOptions} from "../charts/pixelPad.js";
import type {ArrayPayload, Size} from "../training/protocol.js";
import type {Suggestion, WordGroup} from "./captionBox.js";

const captions: Readonly<Record<Size, readonly string[]>> = {
  s: [
    "a small red star with a face, top left",
    "a big pink heart with a smile",
    "a blue star at night",
    "a striped turquoise cloud in the sky",
    "a green circle on the sand",
    "a yellow triangle left of a purple square",
    "a smiling orange diamond in the grass",
    "a dotted red heart",
    "a cross left of a cloud"
  ],
  xs: [
    "a red heart, top left",
    "a blue star at night",
    "a yellow triangle on the sand, bottom right",
    "a green circle, top right",
    "a purple square",
    "a red cross, bottom left"
  ]
};

/** Captions to start from; the combinations that no training scene holds are marked. */
export const suggestions: Readonly<Record<Size, readonly Suggestion[]>> = {s: suggested("s"), xs: suggested("xs")};

function suggested(size: Size): Suggestion[] {
  return captions[size].map((caption) => ({caption, unseen: isUnseen(size, caption)}));
}

/** Whether a caption asks for a combination that was kept from training. */
export function isUnseen(size: Size, caption: string): boolean {
  const {wanted} = parseCaption(caption, size);
  return wanted.objects.some((object) => heldOutOf(size, object).length > 0) || isUnseenRelation(wanted);
}

function isUnseenRelation({objects, relation}: WantedScene): boolean {
  const [a, b] = objects;
  if (relation === null || a?.shape == null || b?.shape == null) return false;
  const [first, second] = [a.shape, b.shape];
  return missingRelations.some((missing) => matches(missing, first, relation, second));
}

/** The words of a size's captions, by kind. */
export const vocabulary: Readonly<Record<Size, readonly WordGroup[]>> = {s: wordsOf("s"), xs: wordsOf("xs")};

function wordsOf(size: Size): WordGroup[] {
  const {shapes, colours: inks, sizes, textures} = vocabularies[size];
  const known = new Set<string>(knownWords(size));
  const group = (name: string, words: readonly string[]) => ({name, words: words.filter((word) => known.has(word))});
  const groups = [
    group("shapes", shapes),
    group("colours", inks),
    group("sizes", sizes.length > 1 ? ["small", "big"] : []),
    group("patterns", textures.length > 1 ? ["plain", "striped", "dotted"] : []),
    group("faces", ["face", "smile", "smiling"]),
    group("places", ["top", "bottom", "left", "right", "middle", "above", "below"]),
    group("grounds", ["sand", "sky", "meadow", "grass", "night"])
  ];
  return groups.filter(({words}) => words.length > 0);
}

/** The scenes' own colours: grounds first, then inks. */
export function paints(size: Size): PixelPadOptions["palette"] {
  const vocabulary = vocabularies[size];
  const ground = (name: Background) => ({name, colour: grounds[name]});
  const ink = (name: Colour) => ({name, colour: palette[name]});
  return [
    ...backgrounds.filter((name) => vocabulary.backgrounds.includes(name)).map(ground),
    ...colours.filter((name) => vocabulary.colours.includes(name)).map(ink)
  ];
}

/** A held-back scene of the size, uint8 [1, n, n, 3]. */
export function exampleImage(size: Size, index = 0): ArrayPayload {
  const {pixels} = vocabularies[size];
  return {shape: [1, pixels, pixels, 3], data: example(size, "iid", index).image()};
}
