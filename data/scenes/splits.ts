// The examples: every split is a list without end but for "train", read at any place. What an example holds depends on
// (dataset, split, index) alone, as long as the data version is the same.

import {type Stream, stream} from "../random.js";
import {type Attribute, describe} from "./captions.js";
import {
  type DatasetName,
  drawScene,
  frequencies,
  placesOf,
  type Scene,
  type SceneObject,
  vocabularies
} from "./grammar.js";
import {
  facelessShapes,
  type HeldOut,
  heldOutIn,
  missingColourShapes,
  missingColourTextures,
  missingRelations
} from "./heldOut.js";
import {drawJitter, imageKey, type Jitter} from "./jitter.js";
import {paraphrase} from "./paraphrases.js";
import {paintScene} from "./render.js";

export type Split = "train" | "iid" | HeldOut | "threeObjects" | "paraphrase";

/** Changes whenever any image or caption does; part of a run's name. */
export const dataVersion = 4;
/**
 * Stays when the data version changes: a dataset that a change does not touch keeps its examples, and as long as the
 * jitter's steps are the same, test images of one version were never training images of another.
 */
const seed = 1;

const sizesOfTraining: Readonly<Record<DatasetName, number>> = {xs: 8000, s: 40_000};

/** How many training examples there are. */
export function trainSize(dataset: DatasetName): number {
  return sizesOfTraining[dataset];
}

/** The splits that a dataset has. */
export function splitsOf(dataset: DatasetName): readonly Split[] {
  return dataset === "xs"
    ? ["train", "iid", "colourShape", "paraphrase"]
    : ["train", "iid", "colourShape", "colourTexture", "faceShape", "relation", "threeObjects", "paraphrase"];
}

export interface Example {
  readonly scene: Scene;
  /** captionFor(0). */
  readonly caption: string;
  /** uint8 RGB, [pixels × pixels × 3]. */
  image(): Uint8Array;
  /** The scene in other words for each epoch. */
  captionFor(epoch: number): string;
}

/**
 * The example at a place of a split. Throws for a split that the dataset lacks, and for "train" beyond its size.
 *
 * Each possible image, held-out ones aside, is dealt to training or to test by a hash of what it shows: "iid" and
 * "paraphrase" hold no image that training holds.
 */
export function example(dataset: DatasetName, split: Split, index: number): Example {
  const size = split === "train" ? trainSize(dataset) : Number.MAX_SAFE_INTEGER;
  if (!splitsOf(dataset).includes(split) || !Number.isInteger(index) || index < 0 || index >= size) {
    throw new Error(`example: expected a split of ${dataset} and a place in it, got ${split}, ${index}`);
  }
  const own = rootOf(dataset, split).child(index);
  const {pixels} = vocabularies[dataset];
  for (let attempt = 0; ; ++attempt) {
    const draws = own.child(attempt);
    const scene = sceneFor(dataset, split, draws);
    const jitter = drawJitter(scene, pixels, draws);
    if (!belongs(dataset, split, scene, jitter)) continue;
    const captionFor = (epoch: number) => {
      const words = own.child("caption", epoch);
      return split === "paraphrase"
        ? paraphrase(scene, words, dataset)
        : describe(scene, words, dataset, mustSay[split] ?? []);
    };
    return {
      scene,
      captionFor,
      get caption() {
        return captionFor(0);
      },
      image: () => paintScene(scene, pixels, jitter)
    };
  }
}

/** A caption of a held-out combination names it. */
const mustSay: Readonly<Partial<Record<Split, readonly Attribute[]>>> = {
  colourShape: ["colour", "shape"],
  colourTexture: ["colour", "texture"],
  faceShape: ["face", "shape"],
  relation: ["relation"]
};

const roots = new Map<string, Stream>();

function rootOf(dataset: DatasetName, split: Split): Stream {
  const key = `${dataset}/${split}`;
  const root = roots.get(key) ?? stream(seed, "scenes", dataset, split);
  roots.set(key, root);
  return root;
}

/** A candidate for a split, with its held-out combination if it has one. */
function sceneFor(dataset: DatasetName, split: Split, draws: Stream): Scene {
  switch (split) {
    case "colourShape":
      return withObject(drawScene(dataset, 1, draws), draws.pick(missingColourShapes(dataset)));
    case "colourTexture":
      return withObject(drawScene(dataset, 1, draws), draws.pick(missingColourTextures()));
    case "faceShape":
      return withObject(drawScene(dataset, 1, draws), {shape: draws.pick(facelessShapes), face: true});
    case "relation": {
      const [first, relation, second] = draws.pick(missingRelations);
      const scene = drawScene(dataset, 2, draws);
      const places = placesOf(relation, draws.pick(vocabularies[dataset].thirds));
      const objects = scene.objects.map((object, i) => ({
        ...object,
        shape: i === 0 ? first : second,
        place: places[i]!
      }));
      return {...scene, objects, relation};
    }
    case "threeObjects":
      return drawScene(dataset, 3, draws);
    default: {
      const count = vocabularies[dataset].maxObjects === 2 && draws.chance(frequencies.pair) ? 2 : 1;
      const scene = drawScene(dataset, count, draws);
      // Taken away rather than drawn again, so that these shapes are as frequent as the others.
      const objects = scene.objects.map((object) => ({
        ...object,
        face: object.face && !facelessShapes.includes(object.shape)
      }));
      return {...scene, objects};
    }
  }
}

/** Does a candidate belong to the split: nothing held out but what the split is about, and dealt to it? */
function belongs(dataset: DatasetName, split: Split, scene: Scene, jitter: Jitter): boolean {
  const heldOut = heldOutIn(dataset, scene);
  if (split === "train" || split === "iid" || split === "paraphrase") {
    return heldOut.length === 0 && isTestImage(scene, jitter) === (split !== "train");
  }
  return heldOut.every((kind) => kind === split);
}

const deal = stream(seed, "deal");

/** One image in eight is for tests. */
function isTestImage(scene: Scene, jitter: Jitter): boolean {
  return deal.child(...imageKey(scene, jitter)).int(8) === 0;
}

function withObject(scene: Scene, change: Partial<SceneObject>): Scene {
  return {...scene, objects: scene.objects.map((object) => ({...object, ...change}))};
}
