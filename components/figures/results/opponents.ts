// Pictures for a caption that no prior has drawn: what the miniature is held against.

import {stream} from "../../../data/random.js";
import {marginalImage, NearestCaption} from "../../../data/scenes/baselines.js";
import type {Example} from "../../../data/scenes/splits.js";
import type {PipelineApi, Size} from "../../training/protocol.js";
import {packed, unpacked} from "../../training/setDistance.js";
import type {OpenPipeline} from "../pipelines.js";

export const opponents = ["truth", "codes", "nearest", "marginals"] as const;
export type Opponent = (typeof opponents)[number];

/** As choices, and as what is said of a picture. */
export const opponentNames: Readonly<Record<Opponent, {readonly choice: string; readonly picture: string}>> = {
  truth: {choice: "the true scene", picture: "the true scene"},
  codes: {choice: "the true scene through the codes", picture: "the true scene, through the dVAE’s codes"},
  nearest: {
    choice: "the nearest training caption’s picture",
    picture: "a training picture, its caption the nearest"
  },
  marginals: {
    choice: "attributes drawn independently",
    picture: "independent attributes, whatever the caption says"
  }
};

const readers = new Map<Size, Promise<NearestCaption>>();

/** All training captions of a size, read once a page and little by little, so that the page stays awake. */
export function nearestCaptions(size: Size, onProgress: (done: number) => void = () => {}): Promise<NearestCaption> {
  let found = readers.get(size);
  if (found === undefined) {
    found = read(size, onProgress);
    readers.set(size, found);
  }
  return found;
}

async function read(size: Size, onProgress: (done: number) => void): Promise<NearestCaption> {
  const all = new NearestCaption(size, 0);
  for (let done = 0; !all.prepare(100); done += 100) {
    onProgress(done / all.size);
    await pause();
  }
  return all;
}

/** Lets the page answer between two pieces of work. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

export interface Ask {
  readonly size: Size;
  readonly opponent: Opponent;
  readonly example: Example;
  /** Names the draw of independent attributes. */
  readonly seed: number;
  readonly round: number;
}

/** The opponent's picture for an example's caption, uint8 RGB. */
export async function opponentImage(
  {size, opponent, example, seed, round}: Ask,
  open: () => Promise<OpenPipeline>,
  onProgress?: (done: number) => void
): Promise<Uint8Array> {
  switch (opponent) {
    case "truth":
      return example.image();
    case "codes": {
      const {hard} = await (await open()).api.encode(packed([example.image()]));
      return unpacked(hard)[0]!;
    }
    case "nearest":
      return (await nearestCaptions(size, onProgress)).find(example.caption).image();
    case "marginals":
      return marginalImage(size, example.scene.objects.length === 1 ? 1 : 2, stream(seed, "game", "marginals", round));
  }
}

/** The last draw of a pipeline. */
const drawing = new WeakMap<PipelineApi, Promise<unknown>>();

/**
 * One picture that the pipeline draws for a caption, uint8 RGB. Draws with one pipeline wait for each other: a second
 * request would end the first, which then gives a half-drawn picture.
 */
export function drawnImage({api}: OpenPipeline, caption: string, seed: number): Promise<Uint8Array> {
  const before = drawing.get(api) ?? Promise.resolve();
  const next = before.then(async () => {
    const request = {caption, seed, candidates: 1, temperature: 1, topK: 0, topP: 1, report: 1};
    const {images} = await api.sample(request, () => {});
    return unpacked(images)[0]!;
  });
  drawing.set(
    api,
    next.catch(() => {})
  );
  return next;
}
