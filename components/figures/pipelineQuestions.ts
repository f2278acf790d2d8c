// What the pipeline's page asks before it shows; the shipped XS models draw the answers when they are asked for.

import {grade} from "../../data/scenes/grade.js";
import {type Colour, vocabularies} from "../../data/scenes/grammar.js";
import {parseCaption} from "../../data/scenes/parse.js";
import {grounds, palette} from "../../data/scenes/render.js";
import type {ArrayPayload} from "../training/protocol.js";
import type {FigureEngine} from "./engine.js";
import {imageTasks} from "./imageToImage.js";
import {type LoadShipped, type OpenPipeline, pipelines, shippedWeights} from "./pipelines.js";
import type {Prediction} from "./predict.js";
import {suggestions} from "./scenes.js";

const seeds = [1, 2];
const candidates = 8;
const count = seeds.length * candidates;
const unseen = suggestions.xs.find((suggestion) => suggestion.unseen)!.caption;
const seen = suggestions.xs.find((suggestion) => !suggestion.unseen)!.caption;

/** Does the miniature put together what no training picture held together? */
export function unseenQuestion(engine: FigureEngine, loadShipped: LoadShipped): Prediction {
  const opened = pipelines(engine, loadShipped);
  const shares = [0, 0.25, 0.5, 0.85];
  return {
    question: `Sixteen pictures are drawn for “${unseen}”. No training picture held this shape in this colour. In how many are both right?`,
    answers: ["in none", "in about a quarter", "in about half", "in three quarters or more"],
    async look() {
      const pipeline = await opened.get(shippedWeights("xs"));
      const [found, known] = [await rightOf(pipeline, unseen), await rightOf(pipeline, seen)];
      const distances = shares.map((share) => Math.abs(share - found / count));
      return {
        right: distances.indexOf(Math.min(...distances)),
        found: `In ${found} of ${count}, as the grader reads them. For “${seen}”, a pair that training shows, in ${known} of ${count}. Sixteen are few: the table has hundreds.`
      };
    }
  };
}

/** Who wins below the line: the image that was begun, or the caption? */
export function wonByQuestion(engine: FigureEngine, loadShipped: LoadShipped): Prediction {
  const opened = pipelines(engine, loadShipped);
  const {caption, image} = imageTasks("xs").find((task) => task.caption === "a green heart")!;
  return {
    question:
      "The upper two rows of a red heart are kept, and the caption says “a green heart”. Of which colour is the lower half?",
    answers: ["green, as the caption says", "red, as the image began", "each in about half of the pictures"],
    async look() {
      const pipeline = await opened.get(shippedWeights("xs"));
      const {tokens} = await pipeline.api.encode(image);
      const prefix = Int32Array.from(tokens.data).slice(0, tokens.data.length / 2);
      const colours = (await drawn(pipeline, caption, prefix)).map(colourBelow);
      const [green, red] = [
        colours.filter((colour) => colour === "green").length,
        colours.filter((colour) => colour === "red").length
      ];
      return {
        right: green >= (2 / 3) * count ? 0 : red >= (2 / 3) * count ? 1 : 2,
        found: `Of ${count} pictures, ${green} go on in green, ${red} in red, ${count - green - red} in neither. Each image token sees all of the text, and of the image only what stands close before it.`
      };
    }
  };
}

async function rightOf(pipeline: OpenPipeline, caption: string): Promise<number> {
  const {wanted} = parseCaption(caption, "xs");
  const images = await drawn(pipeline, caption);
  return images.filter((image) => grade(image, wanted).shapeAndColour).length;
}

/** `count` pictures at temperature 1, each uint8 RGB. */
async function drawn({api}: OpenPipeline, caption: string, prefix?: Int32Array): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (const seed of seeds) {
    const request = {caption, seed, candidates, temperature: 1, topK: 0, topP: 1, report: 1};
    const {images} = await api.sample(prefix === undefined ? request : {...request, prefix}, () => {});
    all.push(...each(images));
  }
  return all;
}

function each({shape, data}: ArrayPayload): Uint8Array[] {
  const size = data.length / shape[0]!;
  return Array.from({length: shape[0]!}, (_, i) => Uint8Array.from(data.slice(i * size, (i + 1) * size)));
}

/** The ink that most pixels of the lower half are nearest to, grounds left out; null if there is none. */
function colourBelow(image: Uint8Array): Colour | null {
  const {colours, backgrounds} = vocabularies.xs;
  const counts = new Map<Colour, number>();
  const distance = (p: number, [r, g, b]: readonly [number, number, number]) =>
    (image[p]! - r) ** 2 + (image[p + 1]! - g) ** 2 + (image[p + 2]! - b) ** 2;
  for (let p = image.length / 2; p < image.length; p += 3) {
    const inks = colours.map((colour) => ({colour, d: distance(p, palette[colour])}));
    const nearest = inks.reduce((a, b) => (b.d < a.d ? b : a));
    const ground = Math.min(...backgrounds.map((name) => distance(p, grounds[name])));
    if (nearest.d < ground) counts.set(nearest.colour, (counts.get(nearest.colour) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
