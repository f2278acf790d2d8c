// A trained CLIP in use: which caption goes with which image.

import {type ClipText, look, lookAtImages, similarities, similarityScale} from "../models/clip.js";
import type {ClipRecipe} from "../models/clipRecipe.js";
import {unit} from "../nn/contrast.js";
import {dispose, linear, mean, type Params, read, tidy} from "../tensor/index.js";
import {clipText} from "./clipText.js";
import {imageTensor} from "./images.js";
import type {ArrayPayload, Similarities} from "./protocol.js";
import {recipeBpe} from "./recipeBpe.js";

/** Cosines of every caption with every image, uint8 [n, H, W, 3], looked up from both sides. */
export async function compare(
  params: Params,
  recipe: ClipRecipe,
  captions: readonly string[],
  images: ArrayPayload
): Promise<Similarities> {
  const made = tidy(() => {
    const text: ClipText = clipText(recipeBpe(recipe), recipe.config, captions);
    const seen = look(params, recipe.config, imageTensor(images), text);
    return {...similarities(params, recipe.config, seen), scale: similarityScale(params)};
  });
  const [textToImage, imageToText, scale] = await Promise.all([
    read(made.textToImage),
    read(made.imageToText),
    read(made.scale)
  ]);
  dispose(Object.values(made));
  const [rows, columns] = [captions.length, images.shape[0]!];
  return {
    textToImage: {shape: [rows, columns], data: textToImage as Float32Array},
    imageToText: {shape: [columns, rows], data: imageToText as Float32Array},
    scale: scale[0]!
  };
}

/** Unit vectors of images, float [n, d]; with late interaction the mean of the patches', made unit again. */
export async function embedImages(params: Params, recipe: ClipRecipe, images: ArrayPayload): Promise<ArrayPayload> {
  const embedded = tidy(() => {
    const projected = linear(lookAtImages(params, recipe.config, imageTensor(images)), params["image.projection"]!);
    return unit(recipe.config.lateInteraction ? mean(unit(projected), 1) : projected);
  });
  const data = (await read(embedded)) as Float32Array;
  dispose(embedded);
  return {shape: [images.shape[0]!, recipe.config.embedding], data};
}

/** The column of the largest entry in each row. */
export function bestColumns({shape, data}: ArrayPayload): number[] {
  const [rows = 0, columns = 0] = shape;
  return Array.from({length: rows}, (_, row) => {
    let best = 0;
    for (let i = 1; i < columns; ++i) if (data[row * columns + i]! > data[row * columns + best]!) best = i;
    return best;
  });
}

/** Mean −ln softmax(scale · row) at the matching pair, the diagonal, in nats. */
export function matchLoss({shape, data}: ArrayPayload, scale: number): number {
  const [n = 0] = shape;
  let sum = 0;
  for (let row = 0; row < n; ++row) {
    const values = Array.from(data.subarray(row * n, (row + 1) * n), (value) => value * scale);
    const top = Math.max(...values);
    sum += top + Math.log(values.reduce((all, value) => all + Math.exp(value - top), 0)) - values[row]!;
  }
  return sum / n;
}
