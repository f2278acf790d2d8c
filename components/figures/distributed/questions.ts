// What this part of the chapter asks before it shows. Every answer is computed when it is asked for.

import type {Metrics, SessionEvent} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import type {Prediction} from "../predict.js";
import {fits, type MemoryChoices, memoryParts, totalBytes} from "./memory.js";
import {configOf} from "./settings.js";
import {compressedWays, gapTo, ranksOf, type StoredRuns, seedsOf, writtenGap} from "./storedRuns.js";

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

type Way = (typeof compressedWays)[number];

/** Which Q does best where the rank is small. */
export function resamplingQuestion(stored: StoredRuns): Prediction {
  const ranks = ranksOf(stored);
  const rank = ranks[0]!;
  return {
    question: `Rank ${rank}, of 96. A fixed random Q looks along the same ${rank === 1 ? "direction" : `${rank} directions`} in every step; one that is drawn anew, along ${rank === 1 ? "another" : "others"} each time; a warm start turns towards the strong ones. Which run ends with the lowest loss?`,
    answers: ["the fixed Q’s", "the resampled Q’s", "the warm start’s", "the two best cannot be told apart"],
    look() {
      const gap = (compression: Way, r: number, other?: Way) => {
        const found = gapTo(stored, {compression, rank: r}, other && {compression: other, rank: r});
        if (found === null) throw new Error("The stored runs could not be read.");
        return found;
      };
      const [best, second] = [...compressedWays].sort((a, b) => gap(a, rank).mean - gap(b, rank).mean) as [Way, Way];
      const apart = gap(second, rank, best);
      const words = ranks.map(
        (r) => `at rank ${r} ${compressedWays.map((way) => `${way} ${writtenGap(gap(way, r))}`).join(", ")}`
      );
      return {
        right: apart.mean < 2 * apart.error ? 3 : compressedWays.indexOf(best),
        found: `Above whole gradients, in nats at the end, over ${seedsOf(stored).length} stored seeds: ${words.join("; ")}. The authors report that drawing anew hurt badly; ${stored.updates} steps of a small model are another matter than theirs.`
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
