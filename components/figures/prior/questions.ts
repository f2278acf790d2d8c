// What the prior's chapter asks before it shows; every answer is computed when it is asked for.

import {layerPatterns} from "../../training/masks.js";
import {encodeText} from "../../training/text.js";
import type {Prediction} from "../predict.js";
import {mergesOf} from "./bytePairFigure.js";
import {maskShapes} from "./maskFigure.js";
import type {PriorModel} from "./model.js";
import {layersToKnowAll} from "./reach.js";

const caption = "a purple square, top left";

/** How long a caption is once all merges are made. */
export function lengthQuestion(model: Pick<PriorModel, "probe">): Prediction {
  const bytes = encodeText({merges: []}, caption).length;
  const answers = [1, 5, 12, bytes];
  return {
    question: `“${caption}” is ${bytes} bytes, the space at its head included. How many tokens when all merges have been made?`,
    answers: answers.map((n) => `about ${n}`),
    async look() {
      const {pairs} = mergesOf(await model.probe("merges"));
      const found = encodeText({merges: pairs}, caption).length;
      const right = nearestOf(answers, found);
      return {
        right,
        found: `${found} tokens. Merges never cross a word, so a caption of five words cannot fall below five. Every word of these captions is frequent; each has become one token, with its space and, it may be, its comma.`
      };
    }
  };
}

/** How far knowledge travels. */
export const reachQuestion: Prediction = {
  question:
    "The last of the paper’s 1,024 image tokens sees 33 image tokens in layer 1. After how many layers can it know all 1,024?",
  answers: ["2", "7", "32", "64"],
  look() {
    const {width, kernel, layers} = maskShapes.paper;
    const after = (setting: string) => layersToKnowAll(layerPatterns(setting, layers), {width, kernel});
    const found = after("paper");
    const [row, conv] = [after("row"), after("conv")];
    return {
      right: ["2", "7", "32", "64"].indexOf(String(found)),
      found: `${found}. A row layer gathers, for each token, itself and the 32 before it; the column layer after it gathers what every token above has gathered. With row layers alone it takes ${row}, with convolutions alone ${conv}, with columns alone ${after("column") === null ? "it never happens" : after("column")}.`
    };
  }
};

/** Where in the image the model is least certain. */
export function hardestQuestion(model: Pick<PriorModel, "probe">): Prediction {
  return {
    question: "In which row of the image does the trained model lose most, on average over its four places?",
    answers: ["the first", "the second", "the third", "the last"],
    async look() {
      const {image} = await model.probe("positions");
      const [rows = 4, columns = 4] = image!.shape;
      const means = Array.from({length: rows}, (_, r) => {
        let sum = 0;
        for (let c = 0; c < columns; ++c) sum += image!.data[r * columns + c]!;
        return sum / columns;
      });
      const right = means.indexOf(Math.max(...means));
      const all = Array.from(image!.data);
      const dearest = all.indexOf(Math.max(...all));
      const words = means.map((mean) => mean.toFixed(2)).join(", ");
      return {
        right,
        found: `By rows, from the top: ${words} nats a token, on held-back images, for the model as it is now. A place costs much where neither the caption nor the codes before it settle what must stand there; here row ${Math.floor(dearest / columns) + 1}, column ${(dearest % columns) + 1} costs most.`
      };
    }
  };
}

/** What greedy drawing does to chance. */
export function greedyQuestion(model: Pick<PriorModel, "pipeline">): Prediction {
  return {
    question:
      "Eight candidates for “a red heart”, which leaves the place open: how many different pictures at temperature 0, with eight different seeds?",
    answers: ["1", "about half", "8"],
    async look() {
      const {api} = await model.pipeline();
      const draw = (temperature: number) =>
        api.sample(
          {caption: "a red heart", seed: 1, candidates: 8, temperature, topK: 0, topP: 1, report: 1},
          () => {}
        );
      const greedy = different(await draw(0));
      const even = different(await draw(1));
      return {
        right: greedy === 1 ? 0 : greedy === 8 ? 2 : 1,
        found: `${greedy}; at temperature 1 it is ${even} of 8. Greedy drawing leaves nothing to chance: each position takes its likeliest code. That need not be the likeliest picture, and it is always the same one.`
      };
    }
  };
}

function different({tokens}: {tokens: {shape: readonly number[]; data: ArrayLike<number>}}): number {
  const [count = 0] = tokens.shape;
  const size = tokens.data.length / count;
  const all = Array.from({length: count}, (_, c) =>
    Array.from(tokens.data)
      .slice(c * size, (c + 1) * size)
      .join()
  );
  return new Set(all).size;
}

function nearestOf(answers: readonly number[], value: number): number {
  const distance = answers.map((answer) => Math.abs(answer - value));
  return distance.indexOf(Math.min(...distance));
}
