// The chapter's questions; every answer is computed when it is asked for.

import type {ClipOptionFile} from "../../training/clipOptions.js";
import type {ClipApi, Similarities, Size} from "../../training/protocol.js";
import type {RerankFile} from "../../training/rerank.js";
import {namedScenes} from "../../training/zeroShot.js";
import {type Predict, predict} from "../predict.js";
import {names, rowAt} from "./curveFigure.js";
import {runsOf, summaryOf} from "./optionSummary.js";

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** From the stored measurement: of the captions at which one candidate leaves the most to gain. */
export function predictBestOf(file: RerankFile): Predict {
  return predict({
    question:
      "A ranker takes the best of 32 candidates in place of the only one. How much of what a perfect ranker would gain does it get?",
    answers: ["less than a third of it, or nothing", "between a third and two thirds", "more than two thirds"],
    look() {
      const found = file.runs.flatMap((run) => {
        const [one, many] = [rowAt(run, 1), rowAt(run, 32)];
        if (one === undefined || many === undefined) return [];
        return [{run, one, many, room: many.possible.percent - one.best.percent}];
      });
      const [most] = found.sort((a, b) => b.room - a.room);
      if (most === undefined) throw new Error("Nothing is stored yet: scripts/rerank.ts measures it.");
      const {run, one, many, room} = most;
      const share = room > 0 ? (many.best.percent - one.best.percent) / room : 1;
      return {
        right: share < 1 / 3 ? 0 : share < 2 / 3 ? 1 : 2,
        found:
          `${run.size.toUpperCase()}, ${run.captions} captions of ${names[run.split]}: one candidate is right in ${one.best.percent} %, the best of ` +
          `${many.candidates} in ${many.best.percent} %, and a perfect ranker would have had ${many.possible.percent} %.`
      };
    }
  });
}

/** From the stored runs. */
export function predictBatch(file: ClipOptionFile): Predict {
  return predict({
    question:
      "Train with batches of 8 pairs rather than 64, for as many updates. How many of 64 held-back pairs are still matched?",
    answers: ["about as many: nine tenths or more", "fewer: between half and nine tenths", "less than half"],
    look() {
      const [small, usual] = ["batch8", "plain"].map((name) => summaryOf(runsOf(file, name), "heldAccuracy"));
      if (small == null || usual == null)
        throw new Error("These runs are not stored yet: scripts/clip-options.ts makes them.");
      const share = small.mean / usual.mean;
      return {
        right: share >= 0.9 ? 0 : share >= 0.5 ? 1 : 2,
        found:
          `${percent(small.mean)} with 8, ${percent(usual.mean)} with 64, in means over ${Math.min(small.count, usual.count)} seeds. With 8 pairs ` +
          "a batch has 7 wrong captions for each image, most of them wrong in every way; it also sees an eighth of the pictures."
      };
    }
  });
}

const scenes = 64;

/** Live, with the shipped weights. */
export function predictUnseen(open: (size: Size) => Promise<ClipApi>): Predict {
  return predict({
    question:
      "CLIP has seen every colour and every shape, but some pairs of them never. Does it name scenes of those pairs as well as others?",
    answers: ["as well, within ten per cent", "worse, but more often right than wrong", "mostly wrong"],
    async look() {
      const clip = await open("xs");
      const share = async (split: "iid" | "colourShape") => {
        const {images, prompts, answers} = namedScenes("xs", split, scenes);
        const found = await clip.compare(prompts, images);
        return answers.filter((answer, i) => bestOf(found, i, prompts.length) === answer).length / scenes;
      };
      const [seen, unseen] = [await share("iid"), await share("colourShape")];
      return {
        right: unseen >= seen - 0.1 ? 0 : unseen >= 0.5 ? 1 : 2,
        found:
          `Just asked: of ${scenes} scenes with pairs that training shows, ${percent(seen)} are named right; of ${scenes} with pairs that it never ` +
          `shows, ${percent(unseen)}. This is the ranker that has to recognise what the transformer puts together for the first time.`
      };
    }
  });
}

function bestOf({imageToText}: Similarities, image: number, prompts: number): number {
  const row = Array.from(imageToText.data.subarray(image * prompts, (image + 1) * prompts));
  return row.indexOf(Math.max(...row));
}
