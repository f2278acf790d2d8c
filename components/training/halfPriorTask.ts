// The prior in mixed precision. Its gradient scales lie among the parameters, so that they go into a checkpoint and to the
// gradient partner with them; no gradient moves them, the paper's rule does.

import {priorRecipeOf} from "../models/choices.js";
import {blockNames, halfLayer} from "../models/halfPrior.js";
import {formatsOf, type Precision, precisionOf, ruleOf} from "../models/halfPriorConfig.js";
import type {Weights} from "../models/weights.js";
import {type BlockScale, nextScale, type ScaleRule} from "../nn/gradientScales.js";
import type {BlockPrecision} from "../nn/scaledBlock.js";
import {
  add,
  mul,
  nonFinite,
  type Params,
  read,
  reshape,
  scalar,
  slice,
  stack,
  sum,
  type Tensor,
  type Tensor1D,
  tidy
} from "../tensor/index.js";
import type {Screened} from "./gradient.js";
import {gradientCensus} from "./gradientCensus.js";
import type {HyperValues, ProbeArgs, Shard, Task} from "./modelTrainer.js";
import {type FrozenDvae, priorTask} from "./priorTask.js";
import type {Metrics, ProbeResult, RunSpec} from "./protocol.js";

/** (2, blocks): the scales, and the step at which each was last divided (far below 0 if never). */
const scalesName = "residual.scales";
/** (1): updates skipped. */
const skippedName = "residual.skipped";
const never = -1e6;

/** Thin and deep, for many resblocks in a run of less than a minute. */
const thin = {layers: 8, headSize: 6, batchSize: 16, updates: 300, tokenNoiseFrom: 0, tokenNoiseTo: 0};

export function halfPriorTask(spec: RunSpec, dvae: FrozenDvae): {task: Task; weights: Weights} {
  if (spec.size !== "xs") throw new Error(`halfPriorTask: expected size xs, got ${spec.size}`);
  const {precision, rest} = precisionOf({...thin, ...spec.config});
  const config = rest as NonNullable<RunSpec["config"]>;
  const {layers} = priorRecipeOf(spec.size, config).config;
  const blocks = blockNames({layers});
  let watch: ((block: string, gradient: Tensor) => void) | null = null;
  let format: Precision["format"] = precision.format;
  const made = priorTask({...spec, model: "prior", config}, dvae, {
    layers: (params, batch, hyper) =>
      halfLayer(
        new Map(
          blocks.map((name, i): [string, BlockPrecision] => [
            name,
            {
              ...formatsOf({format}),
              scale: scaleOf(i, params, batch, hyper),
              ...(watch ? {watch: (gradient: Tensor) => watch!(name, gradient)} : {})
            }
          ])
        )
      )
  });
  const initial = ruleOf(precision).initial;
  const weights = {
    ...made.weights,
    [scalesName]: {
      shape: [2, blocks.length],
      data: Float32Array.from({length: 2 * blocks.length}, (_, i) => (i < blocks.length ? initial : never))
    },
    [skippedName]: {shape: [1], data: new Float32Array(1)}
  };
  const exactly = <T>(see: (block: string, gradient: Tensor) => void, run: () => T): T => {
    [watch, format] = [see, "fp32"];
    try {
      return run();
    } finally {
      [watch, format] = [null, precision.format];
    }
  };
  return {task: new HalfPriorTask(made.task, precision, blocks, rangesOf(weights, blocks), exactly), weights};
}

/** A block's scale as a scalar. A shard's loss is a mean over its own rows only: its scale is smaller to make up for it. */
function scaleOf(block: number, params: Params, {share}: Record<string, Tensor>, {scale}: HyperValues): Tensor {
  const whole = scale === undefined ? reshape(slice(params[scalesName]!, [0, block], [1, 1]), []) : scalar(2 ** scale);
  return share === undefined ? whole : mul(whole, share);
}

/** Where each block's weights lie in the flat gradient. */
function rangesOf(weights: Weights, blocks: readonly string[]): {from: number; size: number}[] {
  const ranges = blocks.map(() => ({from: -1, size: 0}));
  let at = 0;
  for (const [name, {data}] of Object.entries(weights)) {
    const range = ranges[blocks.findIndex((block) => name.startsWith(`${block}.`))];
    if (range) {
      if (range.size === 0) range.from = at;
      range.size += data.length;
    }
    at += data.length;
  }
  return ranges;
}

type Exactly = <T>(see: (block: string, gradient: Tensor) => void, run: () => T) => T;

class HalfPriorTask implements Task {
  readonly totalSteps: number;
  readonly adam;
  readonly evaluateEvery = 50;
  readonly #prior: Task;
  readonly #precision: Precision;
  readonly #rule: ScaleRule;
  readonly #blocks: readonly string[];
  readonly #ranges: readonly {from: number; size: number}[];
  readonly #exactly: Exactly;

  constructor(
    prior: Task,
    precision: Precision,
    blocks: readonly string[],
    ranges: readonly {from: number; size: number}[],
    exactly: Exactly
  ) {
    this.#prior = prior;
    this.#precision = precision;
    this.#rule = ruleOf(precision);
    this.#blocks = blocks;
    this.#ranges = ranges;
    this.#exactly = exactly;
    this.totalSteps = prior.totalSteps;
    this.adam = prior.adam;
  }

  /** Besides the prior's: log₂ of the fixed scale, if it is one. */
  schedule(step: number): HyperValues {
    const {scaling, initialScale} = this.#precision;
    const fixed = scaling === "fixed" ? {scale: initialScale} : scaling === "none" ? {scale: 0} : {};
    return {...this.#prior.schedule(step), ...fixed};
  }

  async batch(step: number, hyper: HyperValues, shard: Shard): Promise<Record<string, Tensor>> {
    return {...(await this.#prior.batch(step, hyper, shard)), share: scalar(1 / shard.count)};
  }

  loss(params: Params, batch: Record<string, Tensor>, hyper: HyperValues) {
    const {loss, aux} = this.#prior.loss(params, batch, hyper);
    // Nothing depends on the scales; so they are among the parameters all the same.
    const none = mul(add(sum(params[scalesName]!), sum(params[skippedName]!)), 0);
    return {loss: add(loss, none), aux};
  }

  /** A block with a gradient that is not finite has the update skipped, and its scale divided; the others' grow. */
  async screen(gradient: Tensor1D, params: Params, step: number, hyper: HyperValues): Promise<Screened> {
    const flags = tidy(() =>
      stack(this.#ranges.map(({from, size}) => sum(nonFinite(slice(gradient, [from], [size])))))
    );
    const [counts, scales, skipped] = await Promise.all([
      read(flags),
      read(params[scalesName]!),
      read(params[skippedName]!)
    ]);
    flags.dispose();
    const overflowed = Array.from(counts, (count) => count > 0);
    const apply = !overflowed.includes(true);
    const n = this.#blocks.length;
    const old = overflowed.map((_, i): BlockScale => ({scale: scales[i]!, divided: scales[n + i]!}));
    const next = this.#moved(old, overflowed, step, hyper);
    const total = skipped[0]! + (apply ? 0 : 1);
    return {
      apply,
      set: {
        [scalesName]: {
          shape: [2, n],
          data: Float32Array.from([...next.map(({scale}) => scale), ...next.map(({divided}) => divided)])
        },
        [skippedName]: {shape: [1], data: Float32Array.of(total)}
      },
      metrics: {skipped: total, ...Object.fromEntries(next.map(({scale}, i) => [`scale${i + 1}`, Math.log2(scale)]))}
    };
  }

  #moved(old: readonly BlockScale[], overflowed: readonly boolean[], step: number, hyper: HyperValues): BlockScale[] {
    const {scaling} = this.#precision;
    if (scaling === "block") return old.map((one, i) => nextScale(one, overflowed[i]!, step, this.#rule));
    if (scaling === "global") {
      const one = nextScale(old[0]!, overflowed.includes(true), step, this.#rule);
      return old.map(() => one);
    }
    return old.map(({divided}) => ({scale: 2 ** (hyper.scale ?? 0), divided}));
  }

  evaluate(params: Params, hyper?: HyperValues): Promise<Metrics> {
    return this.#prior.evaluate(params, hyper);
  }

  /**
   * "gradients": of each resblock's activation gradients, computed in float32 at args.step on a quarter of its batch, how
   * many there are by exponent. gradientCensus.ts says what it holds.
   */
  async probe(params: Params, name: string, args: ProbeArgs): Promise<ProbeResult> {
    if (name !== "gradients") return this.#prior.probe(params, name, args);
    const step = Number(args.step ?? 0);
    const hyper = {...this.schedule(step), scale: 0};
    const batch = await this.batch(step, hyper, {index: 0, count: 4});
    return gradientCensus(this.#blocks, params, (p) => this.loss(p, batch, hyper), this.#exactly).finally(() => {
      for (const tensor of Object.values(batch)) tensor.dispose();
    });
  }

  dispose(): void {
    this.#prior.dispose();
  }
}
