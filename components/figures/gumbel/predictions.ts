// The chapter's questions; every answer is computed when it is asked for.

import {stream} from "../../../data/random.js";
import {
  gumbels,
  noDraws,
  qualityOf,
  relaxedDraw,
  smallProblem,
  softmaxAt,
  trueGradient,
  withDraws
} from "../../training/relaxation.js";
import type {FigureEngine} from "../engine.js";
import {type Predict, predict} from "../predict.js";
import type {GapFigure} from "./gapFigure.js";
import type {GumbelState} from "./state.js";

const draws = 4000;

export function predictShares(state: GumbelState): Predict {
  return predict({
    question: "Take τ from 8 down to 1/16. What happens to how often each code is the largest?",
    answers: ["likely codes win more often", "all codes win equally often", "nothing"],
    look() {
      const {logits} = state;
      const shares = (tau: number) => {
        const from = stream(3, "shares");
        const wins = new Float64Array(logits.length);
        for (let i = 0; i < draws; ++i) {
          const y = relaxedDraw(logits, gumbels(logits.length, from), tau);
          wins[y.indexOf(Math.max(...y))]! += 1 / draws;
        }
        return wins;
      };
      const [high, low] = [shares(8), shares(1 / 16)];
      const best = softmaxAt(logits).reduce((at, p, k, all) => (p > all[at]! ? k : at), 0);
      const change = low[best]! - high[best]!;
      const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
      return {
        right: change > 0.02 ? 0 : change < -0.02 ? 1 : 2,
        found:
          `In ${draws.toLocaleString("en-GB")} draws the likeliest code won ${percent(high[best]!)} at τ = 8 and ` +
          `${percent(low[best]!)} at τ = 1/16. τ decides how hard a draw is, not which code it is.`
      };
    }
  });
}

export function predictNoise(): Predict {
  return predict({
    question: "From τ = 1 to τ = 1/16, what happens to the noise of one relaxed gradient?",
    answers: ["it shrinks", "it hardly changes", "it grows several times"],
    look() {
      const problem = smallProblem(8, 1, stream(1, "problem"));
      const noise = (tau: number) => {
        const totals = withDraws(noDraws(8), "relaxed", problem, tau, draws, stream(4, "noise"));
        return qualityOf(totals, trueGradient(problem)).noise;
      };
      const [one, small] = [noise(1), noise(1 / 16)];
      const ratio = small / one;
      return {
        right: ratio < 0.7 ? 0 : ratio < 2 ? 1 : 2,
        found:
          `${small.toFixed(1)} times the true gradient’s length at 1/16, against ${one.toFixed(1)} at 1: ${ratio.toFixed(1)} times as much. ` +
          "Near a corner the mixture hardly reacts, and between two codes it reacts violently."
      };
    }
  });
}

export function predictGap(engine: FigureEngine, figure: GapFigure): Predict {
  return predict({
    question:
      "The small dVAE below was trained down to τ = 1/16. Its decoder now gets draws at τ = 8 instead. What happens to the pictures?",
    answers: ["they get better: more codes take part", "nothing, it is the same model", "they get worse"],
    async look() {
      const {run} = figure;
      if (run.id === null) await run.open();
      if (run.id === null) throw new Error("The model could not be opened.");
      const {relaxed} = await engine.probe(run.id, "gap", {points: 8});
      const [small = 0, large = 0] = [relaxed!.data[0], relaxed!.data[7]];
      return {
        right: large > 1.1 * small ? 2 : large < 0.9 * small ? 0 : 1,
        found: `The error is ${(large / small).toFixed(1)} times as large as at 1/16. A decoder can only read mixtures like those that it has seen.`
      };
    }
  });
}
