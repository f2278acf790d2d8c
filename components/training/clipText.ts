// Captions as the small CLIP reads them: byte pairs, the end of the text, pads.

import type {Stream} from "../../data/random.js";
import type {ClipText} from "../models/clip.js";
import {type ClipConfig, specialIds} from "../models/clipConfig.js";
import {read, type Tensor, tensor} from "../tensor/index.js";
import {type Bpe, encodeText} from "../text/bpe.js";

/** Ids with end and pads, and where they are; a caption that is too long is cut. The caller disposes the tensors. */
export function clipText(bpe: Bpe, config: ClipConfig, captions: readonly string[]): ClipText {
  const {textLength} = config;
  const {end, pad} = specialIds(config);
  const shape: [number, number] = [captions.length, textLength];
  const size = captions.length * textLength;
  const [ids, ends, words] = [new Int32Array(size).fill(pad), new Float32Array(size), new Float32Array(size)];
  captions.forEach((caption, row) => {
    const tokens = [...encodeText(bpe, caption).slice(0, textLength - 1), end];
    ids.set(tokens, row * textLength);
    words.fill(1, row * textLength, row * textLength + tokens.length);
    ends[row * textLength + tokens.length - 1] = 1;
  });
  return {text: tensor(ids, shape, "int32"), end: tensor(ends, shape), words: tensor(words, shape)};
}

/** Of the tokens, this share is hidden; of those, this share shows the mark in their place (x-clip's defaults). */
const hiddenShare = 0.15;
const markedShare = 0.9;

/** The text with some tokens hidden, at least one in the batch, and weights 1 / count at those. */
export async function hideTokens(
  {text, end, words}: ClipText,
  config: ClipConfig,
  stream: Stream
): Promise<{hiddenText: Tensor; hiddenWeight: Tensor}> {
  const [ids, ends, counted] = await Promise.all([read(text), read(end), read(words)]);
  const places = Array.from(ids.keys()).filter((i) => counted[i] === 1 && ends[i] === 0);
  let chosen = places.filter(() => stream.chance(hiddenShare));
  if (chosen.length === 0) chosen = [stream.pick(places)];
  const hidden = Int32Array.from(ids);
  const weights = new Float32Array(ids.length);
  for (const i of chosen) {
    if (stream.chance(markedShare)) hidden[i] = specialIds(config).hidden;
    weights[i] = 1 / chosen.length;
  }
  const shape = text.shape as [number, number];
  return {hiddenText: tensor(hidden, shape, "int32"), hiddenWeight: tensor(weights, shape)};
}
