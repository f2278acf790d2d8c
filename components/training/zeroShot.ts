// Scenes to be named without having been trained to name them: which colour and which shape, among all of them?

import {type Colour, colours, type DatasetName, type Shape, shapes, vocabularies} from "../../data/scenes/grammar.js";
import {example, type Split} from "../../data/scenes/splits.js";
import type {ArrayPayload} from "./protocol.js";

export interface NamedScenes {
  /** uint8 [n, H, W, 3]. */
  readonly images: ArrayPayload;
  /** A caption for each pair of colour and shape. */
  readonly prompts: readonly string[];
  /** Which of the prompts is right, an image each. */
  readonly answers: readonly number[];
}

/** "a red circle", "a red square", …: all pairs of the dataset, those that training never shows among them. */
export function pairPrompts(dataset: DatasetName): {colour: Colour; shape: Shape; prompt: string}[] {
  const words = vocabularies[dataset];
  return colours
    .filter((colour) => words.colours.includes(colour))
    .flatMap((colour) =>
      shapes
        .filter((shape) => words.shapes.includes(shape))
        .map((shape) => ({colour, shape, prompt: `a ${colour} ${shape}`}))
    );
}

/** The first `count` scenes of a split that hold one object. */
export function namedScenes(dataset: DatasetName, split: Split, count: number): NamedScenes {
  const pairs = pairPrompts(dataset);
  const {pixels} = vocabularies[dataset];
  const size = pixels * pixels * 3;
  const data = new Uint8Array(count * size);
  const answers: number[] = [];
  for (let index = 0; answers.length < count; ++index) {
    const {scene, image} = example(dataset, split, index);
    const [object, other] = scene.objects;
    if (object === undefined || other !== undefined) continue;
    data.set(image(), answers.length * size);
    answers.push(pairs.findIndex(({colour, shape}) => colour === object.colour && shape === object.shape));
  }
  return {images: {shape: [count, pixels, pixels, 3], data}, prompts: pairs.map(({prompt}) => prompt), answers};
}
