// A small dVAE trained with the relaxation alone, and what the chapter on it asks: how far the pictures of relaxed draws
// are from those of chosen codes, and how many codes a draw blends, at any temperature.

import {type Stream, stream} from "../../data/random.js";
import {dvaeRecipeOf} from "../models/choices.js";
import {decode, encode, picture} from "../models/dvae.js";
import {type DvaeConfig, gridSize} from "../models/dvaeConfig.js";
import {hardCodes, relaxedSample} from "../nn/gumbel.js";
import {
  add,
  dispose,
  exp,
  log,
  mean,
  mul,
  neg,
  type Params,
  read,
  slice,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy
} from "../tensor/index.js";
import {BatchSource} from "./dataset.js";
import {dvaeTask} from "./dvaeTask.js";
import {imageTensor, pixelsOf} from "./images.js";
import type {HyperValues, ProbeArgs, Shard, Task} from "./modelTrainer.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";

/** Held-back images (of the i.i.d. split) on which the gap is measured. */
const evaluationImages = 32;

/**
 * Smaller than the other chapters' dVAE. The bonus for certainty, which would close the gap by itself, is left out: here
 * the temperature does it alone, on all of the noise.
 */
const small = {
  widths: [16, 32, 48],
  blocks: [1, 1, 1],
  codes: 32,
  codeWidth: 32,
  estimator: "gumbelSoftmax",
  updates: 600,
  tauTo: 1 / 16,
  tauEnd: 500,
  noiseFrom: 1,
  certaintyBonusTo: 0
};

export function gumbelTask(spec: RunSpec): ReturnType<typeof dvaeTask> {
  if (spec.size !== "xs") throw new Error(`gumbelTask: expected size xs, got ${spec.size}`);
  const config = {...small, ...spec.config} as unknown as NonNullable<RunSpec["config"]>;
  const {task, weights} = dvaeTask({...spec, model: "dvae", config});
  return {task: new GumbelTask(task, dvaeRecipeOf("xs", config).config, stream(spec.seed, "gumbel")), weights};
}

class GumbelTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery: number;
  readonly #dvae: Task;
  readonly #config: DvaeConfig;
  readonly #held: Tensor; // (evaluationImages, H, W, 3)
  readonly #gumbel: Tensor; // (evaluationImages, h, w, K)

  constructor(dvae: Task, config: DvaeConfig, run: Stream) {
    this.#dvae = dvae;
    this.#config = config;
    this.totalSteps = dvae.totalSteps;
    this.adam = dvae.adam;
    this.evaluateEvery = dvae.evaluateEvery;
    const held = new BatchSource("xs", "iid", evaluationImages, run.child("evaluation"), false);
    this.#held = imageTensor(held.at(0).images);
    const grid = gridSize(config);
    const shape = [evaluationImages, grid, grid, config.codes];
    const noise = new Float32Array(evaluationImages * grid * grid * config.codes);
    this.#gumbel = tensor(run.child("noise").fillGumbel(noise), shape);
  }

  schedule(step: number): HyperValues {
    return this.#dvae.schedule(step);
  }

  batch(step: number, hyper: HyperValues, shard: Shard) {
    return this.#dvae.batch(step, hyper, shard);
  }

  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues) {
    return this.#dvae.loss(params, batch, hyper);
  }

  /** relaxedError and blended at the temperature in force; hardError from the codes chosen under the same noise. */
  async evaluate(params: Params, hyper?: HyperValues): Promise<Metrics> {
    const {relaxed, codes, hard} = await this.#gap(params, [hyper?.tau ?? 1]);
    const own = {relaxedError: relaxed[0]!, hardError: hard, blended: codes[0]!};
    return {...(await this.#dvae.evaluate(params, hyper)), ...own};
  }

  async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    if (name === "gap") return this.#gapProbe(params, Number(args.points ?? 15));
    if (name === "relaxed") return this.#pictures(params, Number(args.tau ?? 1), Number(args.count ?? 6));
    return this.#dvae.probe(params, name, args);
  }

  dispose(): void {
    dispose([this.#held, this.#gumbel]);
    this.#dvae.dispose();
  }

  /** Temperatures from 1/16 to 8; at each the error of relaxed draws and the codes blended; and the chosen codes' error. */
  async #gapProbe(params: Params, points: number): Promise<ProbeResult> {
    const taus = Array.from({length: points}, (_, i) => 2 ** (-4 + (7 * i) / (points - 1)));
    const {relaxed, codes, hard} = await this.#gap(params, taus);
    const line = (values: ArrayLike<number>) => ({shape: [values.length], data: Float32Array.from(values)});
    return {taus: line(taus), relaxed: line(relaxed), blended: line(codes), hard: line([hard])};
  }

  async #gap(
    params: Params,
    taus: readonly number[]
  ): Promise<{relaxed: Float32Array; codes: Float32Array; hard: number}> {
    const {errors, codes} = tidy(() => {
      const logits = encode(params, this.#config, this.#held);
      const draws = taus.map((tau) => relaxedSample(logits, this.#gumbel, tau));
      const chosen = hardCodes(add(logits, this.#gumbel));
      const error = (z: Tensor) => mean(square(sub(picture(decode(params, this.#config, z)), this.#held)));
      return {errors: stack([...draws, chosen].map(error)), codes: stack(draws.map(blended))};
    });
    const values = (await read(errors)) as Float32Array;
    const result = {
      relaxed: values.slice(0, taus.length),
      codes: (await read(codes)) as Float32Array,
      hard: values.at(-1)!
    };
    dispose([errors, codes]);
    return result;
  }

  async #pictures(params: Params, tau: number, count: number): Promise<ProbeResult> {
    const made = tidy(() => {
      const rows = (t: Tensor) => slice(t, [0, 0, 0, 0], [Math.min(count, evaluationImages), -1, -1, -1]);
      const x = rows(this.#held);
      const noise = rows(this.#gumbel);
      const logits = encode(params, this.#config, x);
      const shown = (z: Tensor) => picture(decode(params, this.#config, z));
      return {
        inputs: mul(x, 1),
        relaxed: shown(relaxedSample(logits, noise, tau)),
        hard: shown(hardCodes(add(logits, noise)))
      };
    });
    const {inputs, relaxed, hard} = made;
    const result = {inputs: await pixelsOf(inputs), relaxed: await pixelsOf(relaxed), hard: await pixelsOf(hard)};
    dispose(Object.values(made));
    return result;
  }
}

/** exp of the mean entropy of mixtures (…, K): how many codes one blends. () */
function blended(y: Tensor): Tensor {
  return exp(mean(neg(sum(mul(y, log(add(y, 1e-10))), -1))));
}
