// What the reader predicts about the shipped discrete VAE; the answers are computed when they are asked for.

import {formatNumber} from "../../charts/format.js";
import type {ArrayPayload} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {type LoadShipped, pipelines, shippedWeights} from "../pipelines.js";
import {type Predict, predict} from "../predict.js";
import {exampleImage} from "../scenes.js";

const images = 32;

/** Are hard codes worse than soft ones? */
export function predictSoftHard(engine: FigureEngine, loadShipped: LoadShipped): Predict {
  const opened = pipelines(engine, loadShipped);
  return predict({
    question:
      "The trained decoder gets the encoder's soft mixtures, or the one likeliest code of each cell. Which picture is further from the image?",
    answers: ["that of the soft mixtures", "that of the hard codes", "they differ by less than a tenth"],
    async look() {
      const {api} = await opened.get(shippedWeights("xs"));
      const batch = held(images);
      const {soft, hard} = await api.encode(batch);
      const [a, b] = [error(batch, soft), error(batch, hard)];
      const close = Math.abs(a - b) < 0.1 * Math.max(a, b);
      return {
        right: close ? 2 : a > b ? 0 : 1,
        found: `Over ${images} held-back scenes the squared error is ${formatNumber(a)} with soft mixtures and ${formatNumber(b)} with hard codes.`
      };
    }
  });
}

/** How far does one code reach? */
export function predictReach(engine: FigureEngine, loadShipped: LoadShipped): Predict {
  const opened = pipelines(engine, loadShipped);
  return predict({
    question: "One code of the 4 × 4 is exchanged for another. Where does the picture change?",
    answers: ["only in that code's 4 × 4 pixels", "there and around it", "everywhere alike"],
    async look() {
      const {api, codes, grid, imageSize} = await opened.get(shippedWeights("xs"));
      const {tokens} = await api.encode(held(1));
      const cell = grid + 1; // second row, second column
      const changed = Int32Array.from(tokens.data);
      let [inside, outside] = [0, 0];
      const before = await api.decode({shape: tokens.shape, data: Int32Array.from(tokens.data)});
      const patch = imageSize / grid;
      const tries = 8;
      for (let i = 1; i <= tries; ++i) {
        changed[cell] = (tokens.data[cell]! + i * 7) % codes;
        const after = await api.decode({shape: tokens.shape, data: changed.slice()});
        for (let at = 0; at < after.data.length; ++at) {
          const pixel = Math.floor(at / 3);
          const [row, column] = [Math.floor(pixel / imageSize), pixel % imageSize];
          const own = Math.floor(row / patch) === 1 && Math.floor(column / patch) === 1;
          const difference = Math.abs(after.data[at]! - before.data[at]!) / 255 / tries;
          if (own) inside += difference / (patch * patch * 3);
          else outside += difference / (imageSize * imageSize * 3 - patch * patch * 3);
        }
      }
      const share = outside / Math.max(1e-9, inside);
      return {
        right: share < 0.005 ? 0 : share < 0.5 ? 1 : 2,
        found: `On average over ${tries} other codes, its own pixels change by ${formatNumber(inside)} of the whole range, all others by ${formatNumber(outside)}. The codes meet in 1 × 1 convolutions; the 3 × 3 ones after them look across the cells' borders.`
      };
    }
  });
}

function held(count: number): ArrayPayload {
  const all = Array.from({length: count}, (_, i) => exampleImage("xs", i));
  const [, ...sides] = all[0]!.shape;
  return {shape: [count, ...sides], data: Uint8Array.from(all.flatMap(({data}) => Array.from(data)))};
}

function error(a: ArrayPayload, b: ArrayPayload): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; ++i) sum += ((a.data[i]! - b.data[i]!) / 255) ** 2;
  return sum / a.data.length;
}
