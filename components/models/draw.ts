// Drawing images from the prior: the loop of section 2.6, one image position at a time.

import {stream} from "../../data/random.js";
import {drawCode, entropyBits, largest, samplingDistribution} from "../nn/sampling.js";
import {dispose, type Params, read} from "../tensor/index.js";
import {imageLength, type PriorConfig} from "./priorConfig.js";
import {PriorSampler} from "./priorSampler.js";

export interface DrawOptions {
  readonly seed: number;
  readonly candidates: number;
  /** Number of the first candidate, 0 by default: candidates 16 to 31 of a seed can be drawn after the first 16. */
  readonly first?: number;
  /** t in softmax(ℓ / t); 0 is greedy. */
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  /** Image tokens given rather than drawn, in raster order: for all candidates, or as many for each. */
  readonly prefix?: Int32Array | readonly Int32Array[];
  /** How many leading codes of each distribution to report. */
  readonly report: number;
}

/** What was drawn at one image position, for every candidate. */
export interface DrawnPosition {
  readonly position: number;
  readonly tokens: Int32Array;
  /** [candidates × report], descending: codes, their probability under the model (t = 1) and as drawn from. */
  readonly topCodes: Int32Array;
  readonly topProbabilities: Float32Array;
  readonly drawnProbabilities: Float32Array;
  /** Bits of the distribution drawn from. */
  readonly entropy: Float32Array;
}

/**
 * Draws the image tokens that follow the padded text, candidate by candidate from streams of their own, so that a
 * candidate is the same however many are drawn beside it. Returns int32 [candidates × n]. onPosition may be slow: it is
 * awaited. Stops early, with what is there, when the signal is aborted.
 */
export async function drawTokens(
  params: Params,
  config: PriorConfig,
  text: Int32Array,
  options: DrawOptions,
  onPosition?: (drawn: DrawnPosition, tokens: Int32Array) => void | Promise<void>,
  signal?: AbortSignal
): Promise<Int32Array> {
  const {candidates, first = 0, prefix = new Int32Array(0), report} = options;
  const n = imageLength(config);
  const streams = Array.from({length: candidates}, (_, c) => stream(options.seed, "sample", first + c));
  const all = new Int32Array(candidates * n);
  const given = (c: number) => (prefix instanceof Int32Array ? prefix : (prefix[c] ?? new Int32Array(0)));
  for (let c = 0; c < candidates; ++c) all.set(given(c), c * n);
  const sampler = new PriorSampler(params, config, candidates);
  try {
    let logits = sampler.begin(text, prefix);
    for (let position = given(0).length; position < n; ++position) {
      const values = (await read(logits)) as Float32Array;
      dispose(logits);
      const drawn = emptyPosition(position, candidates, report);
      for (let c = 0; c < candidates; ++c) {
        const row = values.subarray(c * config.codes, (c + 1) * config.codes);
        const u = streams[c]!.child(position).uniform();
        all[c * n + position] = drawOne(row, options, u, drawn, c);
      }
      await onPosition?.(drawn, all);
      if (signal?.aborted || position === n - 1) break;
      logits = sampler.next(drawn.tokens);
    }
  } finally {
    sampler.dispose();
  }
  return all;
}

function drawOne(logits: Float32Array, options: DrawOptions, u: number, out: DrawnPosition, c: number): number {
  const drawnFrom = samplingDistribution(logits, options);
  const code = drawCode(drawnFrom, u);
  out.tokens[c] = code;
  out.entropy[c] = entropyBits(drawnFrom);
  if (options.report === 0) return code;
  const model = samplingDistribution(logits, {temperature: 1, topK: 0, topP: 1});
  largest(model, options.report).forEach((k, i) => {
    const at = c * options.report + i;
    out.topCodes[at] = k;
    out.topProbabilities[at] = model[k]!;
    out.drawnProbabilities[at] = drawnFrom[k]!;
  });
  return code;
}

function emptyPosition(position: number, candidates: number, report: number): DrawnPosition {
  return {
    position,
    tokens: new Int32Array(candidates),
    topCodes: new Int32Array(candidates * report),
    topProbabilities: new Float32Array(candidates * report),
    drawnProbabilities: new Float32Array(candidates * report),
    entropy: new Float32Array(candidates)
  };
}
