// The smallest thing that trains: a line through points, y = 2x − 1, fitted by AdamW on batches from a seeded stream.

import {
  AdamW,
  add,
  dispose,
  mean,
  mul,
  read,
  readScalar,
  square,
  sub,
  tensor,
  valueAndGrads
} from "../../components/tensor/index.js";
import type {EngineModels} from "../../components/training/engineModels.js";
import type {
  ArrayPayload,
  Hyper,
  Metrics,
  PipelineApi,
  ProbeResult,
  RunSpec
} from "../../components/training/protocol.js";
import {DivergedError, type Trainer, type TrainerState} from "../../components/training/trainer.js";
import {stream} from "../../data/random.js";

const groups = ["params", "ema", "m", "v"] as const;
const options = {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: 0, emaDecay: 0.9};

export class LineTrainer implements Trainer {
  readonly spec: RunSpec;
  readonly totalSteps: number;
  readonly #adam: AdamW;
  #step = 0;

  constructor(spec: RunSpec) {
    this.spec = spec;
    this.totalSteps = Number(spec.config?.updates ?? 1000);
    const draw = stream(spec.seed, "line", "initialisation");
    const number = () => ({shape: [1], data: Float32Array.of(draw.normal())});
    this.#adam = new AdamW({slope: number(), offset: number()}, options);
  }

  get step(): number {
    return this.#step;
  }

  async update(hyper: Hyper, wanted: boolean): Promise<Metrics | null> {
    const learningRate = hyper.learningRate ?? 0.05;
    const xs = stream(this.spec.seed, "line", "batch", this.#step).fillNormal(new Float32Array(8));
    const x = tensor(xs);
    const {loss, grads, aux} = valueAndGrads(this.#adam.params(), ({slope, offset}) => ({
      loss: mean(square(sub(add(mul(slope!, x), offset!), add(mul(x, 2), -1))))
    }));
    const {gradNorm} = this.#adam.step(grads, learningRate);
    this.#step += 1;
    const value = await readScalar(loss);
    dispose([x, loss, gradNorm, ...Object.values(grads), ...Object.values(aux)]);
    if (!Number.isFinite(value)) throw new DivergedError(this.#step, `loss is ${value}`);
    return wanted ? {loss: value, learningRate} : null;
  }

  async probe(name: string): Promise<ProbeResult> {
    if (name !== "line") throw new Error(`line probe: expected line, got ${name}`);
    const {slope, offset} = this.#adam.params();
    const data = Float32Array.of((await read(slope!))[0]!, (await read(offset!))[0]!);
    return {line: {shape: [2], data}};
  }

  async state(): Promise<TrainerState> {
    const step = this.#step;
    const state = await this.#adam.state();
    const tensors = new Map<string, {shape: readonly number[]; data: Float32Array}>();
    for (const group of groups) {
      for (const [name, array] of Object.entries(state[group]!)) tensors.set(`${group}/${name}`, array);
    }
    return {step, tensors};
  }

  restore({step, tensors}: TrainerState): void {
    const [params, ema, m, v] = groups.map((group) =>
      Object.fromEntries(["slope", "offset"].map((name) => [name, tensors.get(`${group}/${name}`)!]))
    );
    this.#adam.restore({step, params: params!, ema: ema!, m: m!, v: v!});
    this.#step = step;
  }

  dispose(): void {
    this.#adam.dispose();
  }
}

const nothing: ArrayPayload = {shape: [0], data: new Uint8Array(0)};

/** A pipeline of the right shape that counts up to its seed, one position at a time. */
function countingPipeline(): PipelineApi {
  let cancelled = false;
  return {
    describe: async () => ({imageSize: 4, grid: 2, codes: 4, textLength: 4, textVocabulary: 4}),
    tokenize: async () => ({ids: [], pieces: [], unknownWords: []}),
    async sample({seed}, onStep) {
      cancelled = false;
      const empty = new Float32Array(0);
      const tokens: number[] = [];
      for (let position = 0; position < seed && !cancelled; ++position) {
        tokens.push(position);
        await onStep({
          position,
          tokens: Int32Array.of(position),
          topCodes: new Int32Array(0),
          topProbabilities: empty,
          drawnProbabilities: empty,
          entropy: empty
        });
      }
      return {tokens: {shape: [tokens.length], data: Int32Array.from(tokens)}, images: nothing, seconds: 0};
    },
    async cancel() {
      cancelled = true;
    },
    encode: async () => ({tokens: nothing, soft: nothing, hard: nothing}),
    decode: async () => nothing,
    codebook: async () => nothing,
    bound: () => Promise.reject(new Error("countingPipeline: expected no bound to be asked for")),
    dispose: async () => undefined
  };
}

export const lineModels: EngineModels = {
  dataVersion: "line-1",
  createTrainer: async (spec) => new LineTrainer(spec),
  createPipeline: async () => countingPipeline(),
  createClip: () => Promise.reject(new Error("lineModels: expected no CLIP to be asked for"))
};
