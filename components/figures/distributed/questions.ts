// What this part of the chapter asks before it shows. Every answer is computed when it is asked for.

import type {Metrics, SessionEvent} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import type {Prediction} from "../predict.js";
import {fits, type MemoryChoices, memoryParts, totalBytes} from "./memory.js";
import {configOf} from "./settings.js";
import {gapTo, ranksOf, type StoredRuns, seedsOf} from "./storedRuns.js";

/** Steps that are compared; metrics come every five. */
const compared = 10;

/** What a second worker does to the loss. Trains both, a few steps each. */
export function workersQuestion(engine: FigureEngine, prepare: (engine: FigureEngine) => Promise<void>): Prediction {
  return {
    question:
      "Two workers share each batch, half and half, and step by the mean of their gradients. What happens to the loss curve, for the same seed?",
    answers: ["it falls in half as many steps", "it is noisier", "nothing, up to rounding"],
    async look() {
      await prepare(engine);
      const [one, two] = [await lossAfter(engine, 1), await lossAfter(engine, 2)];
      const apart = Math.abs(one - two) / one;
      return {
        right: apart < 1e-3 ? 2 : two < one ? 0 : 1,
        found: `Just trained: after ${compared} steps the loss is ${one.toFixed(5)} with one worker and ${two.toFixed(5)} with two. The mean of the halves’ gradients is the batch’s gradient, so the step is the same. A second worker can only make a step take less time.`
      };
    }
  };
}

async function lossAfter(engine: FigureEngine, workers: number): Promise<number> {
  let report: (values: Metrics) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const reached = new Promise<Metrics>((resolve, reject) => {
    report = resolve;
    fail = reject;
  });
  const listener = (event: SessionEvent) => {
    if (event.type === "metrics" && event.step === compared) report(event.values);
    if (event.type === "status" && event.status.state === "failed") fail(new Error(event.status.message));
  };
  const config = configOf(workers, "none", 1);
  const spec = {model: "priorParallel", size: "xs", seed: 1, config, dvae: {from: "shipped"}} as const;
  const id = await engine.openSession(spec, listener);
  try {
    await engine.train(id, compared);
    return (await reached).loss!;
  } finally {
    await engine.closeSession(id);
  }
}

/** A fixed Q sees the same r directions for ever; a resampled one sees others each time. */
export function resamplingQuestion(stored: StoredRuns): Prediction {
  const rank = ranksOf(stored).at(-1)!;
  return {
    question: `Rank ${rank}. A fixed random Q looks along the same ${rank} directions in every step of the run; one that is drawn anew looks along others each time. Which run ends with the lower loss?`,
    answers: ["the fixed Q’s", "the resampled Q’s", "they cannot be told apart"],
    look() {
      const [fixed, resampled] = [gapTo(stored, "fixed", rank), gapTo(stored, "resampled", rank)];
      if (fixed === null || resampled === null) throw new Error("The stored runs could not be read.");
      const difference = resampled.mean - fixed.mean;
      const error = Math.hypot(fixed.error, resampled.error);
      const gap = ({mean, error: e}: typeof fixed) =>
        `${mean < 0 ? "−" : "+"}${Math.abs(mean).toFixed(3)} ± ${e.toFixed(3)}`;
      return {
        right: Math.abs(difference) < 2 * error ? 2 : difference > 0 ? 0 : 1,
        found: `Over ${seedsOf(stored).length} stored seeds, against whole gradients: fixed ${gap(fixed)} nats, resampled ${gap(resampled)}. The authors report that drawing anew hurt their run badly; a run of ${stored.updates} steps of a small model need not show it.`
      };
    }
  };
}

/** What answers 24 GB. */
export const memoryQuestion: Prediction = {
  question: "12 billion parameters in 16 bits are 24 GB, a card has 16. Which of these makes training fit?",
  answers: [
    "PowerSGD",
    "activation checkpointing",
    "parameter sharding",
    "parameter sharding with activation checkpointing"
  ],
  look() {
    const base: MemoryChoices = {bits: 16, sharding: false, checkpointing: false, powerSgd: false};
    const tried: MemoryChoices[] = [
      {...base, powerSgd: true},
      {...base, checkpointing: true},
      {...base, sharding: true},
      {...base, sharding: true, checkpointing: true}
    ];
    const sizes = tried.map((one) => `${(totalBytes(memoryParts(one)) / 1e9).toFixed(0)} GB`);
    return {
      right: tried.findIndex(fits),
      found: `On one card, in that order: ${sizes.join(", ")}. PowerSGD makes what is sent smaller, not what is kept.`
    };
  }
};
