// The chapter's questions; every answer is computed when it is asked for.

import type {ProbeResult, SessionEvent} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {type Predict, predict} from "../predict.js";
import type {LiveModel} from "./live.js";

const steps = 60;

/** Trains a model of its own for a little while. */
export function predictDeadCodes(engine: FigureEngine): Predict {
  return predict({
    question:
      "64 codes start at random, from N(0, 1) in 8 dimensions, and nobody helps them: no k-means, no revival. After " +
      `${steps} steps, how many of them does any position choose?`,
    answers: ["nearly all: more than 48", "about half: 16 to 48", "hardly any: fewer than 16"],
    async look() {
      const counts = (await trained(engine)).counts!.data;
      const used = Array.from(counts).filter((n) => n > 0).length;
      return {
        right: used > 48 ? 0 : used >= 16 ? 1 : 2,
        found:
          `${used} of 64, in a run of ${steps} steps just made here with seed 1. A code that is nearest to no output gets no ` +
          "gradient, so it stays where it is; the outputs are drawn to the codes that they already chose."
      };
    }
  });
}

async function trained(engine: FigureEngine): Promise<ProbeResult> {
  await engine.start();
  let settle: (error?: Error) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  const listener = (event: SessionEvent) => {
    if (event.type !== "status") return;
    const {state, step, message = "The training failed."} = event.status;
    if (state === "failed") settle(new Error(message));
    if (state !== "training" && step >= steps) settle();
  };
  const config = {start: "random", revive: 0};
  const id = await engine.openSession({model: "vqvae", size: "xs", seed: 1, config}, listener);
  try {
    await engine.train(id, steps);
    await done;
    return await engine.probe(id, "usage");
  } finally {
    await engine.closeSession(id);
  }
}

export function predictPaths(engine: FigureEngine, model: LiveModel): Predict {
  const parts = ["the encoder", "the codebook", "the decoder"];
  return predict({
    question: "The first term is the error of the picture. Which part of the model does its gradient not reach?",
    answers: parts,
    async look() {
      const {norms} = await asked(engine, model, "gradients");
      const first = Array.from(norms!.data).slice(0, 3);
      const right = first.indexOf(Math.min(...first));
      const said = first.map((norm) => (norm === 0 ? "0" : norm.toPrecision(2)));
      return {
        right,
        found:
          `The norms of its gradient are ${said[0]} in the encoder, ${said[1]} in the codebook, ${said[2]} in the decoder. ` +
          "The copy hands the decoder’s gradient to the encoder and passes the codebook by."
      };
    }
  });
}

export function predictPriorBits(engine: FigureEngine, model: LiveModel): Predict {
  const answers = ["nearly as many", "about three quarters", "about half, or fewer"];
  return predict({
    question:
      "With all codes alike, an image’s 64 tokens cost 64 × log₂ 64 = 384 bits. How many does a prior need that has " +
      "counted which code follows which left and upper neighbour, in 512 images?",
    answers,
    async look() {
      const {bits} = await asked(engine, model, "priors", {images: 512, count: 1});
      const [uniform = 1, , neighbours = 0] = Array.from(bits!.data);
      const share = neighbours / uniform;
      return {
        right: share > 0.875 ? 0 : share > 0.6 ? 1 : 2,
        found: `${neighbours.toFixed(0)} bits, against ${uniform.toFixed(0)}: ${Math.round(100 * share)} %. What a prior saves is what it knows about pictures.`
      };
    }
  });
}

async function asked(
  engine: FigureEngine,
  {run}: LiveModel,
  probe: string,
  args: Readonly<Record<string, number>> = {}
): Promise<ProbeResult> {
  if (run.id === null) await run.open();
  if (run.id === null) throw new Error("The model could not be opened.");
  return engine.probe(run.id, probe, args);
}
