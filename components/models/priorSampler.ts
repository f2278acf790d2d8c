// Drawing image tokens from the prior one after the other, with a cache of keys and values (section 2.6).

import {maskBias} from "../nn/masks.js";
import {concat, dispose, keep, type Params, reshape, slice, type Tensor, tensor, tidy, tile} from "../tensor/index.js";
import {
  embedImage,
  embedText,
  imageLogits,
  type KeysValues,
  layerName,
  nextLayer,
  normalize,
  patterns
} from "./prior.js";
import {imageLength, modelWidth, type PriorConfig} from "./priorConfig.js";

/**
 * The states read so far, for a number of candidates with one caption. begin() reads text and given tokens, next() one
 * token more; both return the logits of the next code, (candidates, K), which the caller disposes.
 */
export class PriorSampler {
  readonly #params: Params;
  readonly #config: PriorConfig;
  readonly #candidates: number;
  readonly #biases: Float32Array[];
  readonly #length: number;
  #cache: KeysValues[] = [];
  #read = 0;

  constructor(params: Params, config: PriorConfig, candidates: number) {
    this.#params = params;
    this.#config = config;
    this.#candidates = candidates;
    const text = 1 + config.textLength;
    this.#length = text + imageLength(config) - 1;
    this.#biases = patterns(config).map((pattern) =>
      maskBias(pattern, this.#length, text, config.grid, config.convKernel)
    );
  }

  /**
   * text: T padded ids for all candidates, or T for each; prefix: the first image tokens in raster order, the same for
   * all candidates, or as many for each.
   */
  begin(text: Int32Array, prefix: Int32Array | readonly Int32Array[] = new Int32Array(0)): Tensor {
    const config = this.#config;
    const prefixes = prefix instanceof Int32Array ? [prefix] : prefix;
    const given = prefixes[0]?.length ?? 0;
    if (given >= imageLength(config)) {
      throw new Error(`PriorSampler: expected a prefix shorter than ${imageLength(config)} tokens, got ${given}`);
    }
    const [one, each] = [prefixes.length === 1, prefixes.length === this.#candidates];
    if (!(one || each) || prefixes.some(({length}) => length !== given)) {
      throw new Error(`PriorSampler: expected 1 or ${this.#candidates} prefixes of one length, got ${prefixes.length}`);
    }
    const rows = text.length / config.textLength;
    if (rows !== 1 && rows !== this.#candidates) {
      throw new Error(`PriorSampler: expected 1 or ${this.#candidates} texts of ${config.textLength} ids, got ${rows}`);
    }
    this.dispose();
    return this.#advance(() => {
      const words = embedText(this.#params, tensor(text, [rows, config.textLength], "int32"));
      if (given === 0) return words;
      const flat = Int32Array.from(prefixes.flatMap((tokens) => Array.from(tokens)));
      const image = embedImage(this.#params, config, tensor(flat, [prefixes.length, given], "int32"));
      const both = Math.max(rows, prefixes.length);
      return concat([tile(words, [both / rows, 1, 1]), tile(image, [both / prefixes.length, 1, 1])], 1);
    });
  }

  /** tokens: one code for each candidate. */
  next(tokens: Int32Array): Tensor {
    const position = this.#read - 1 - this.#config.textLength;
    return this.#advance(() =>
      embedImage(this.#params, this.#config, tensor(tokens, [tokens.length, 1], "int32"), position)
    );
  }

  dispose(): void {
    for (const {k, v} of this.#cache) dispose([k, v]);
    this.#cache = [];
    this.#read = 0;
  }

  #advance(embed: () => Tensor): Tensor {
    const old = this.#cache;
    const fresh: KeysValues[] = [];
    const logits = tidy(() => {
      let x = embed(); // (1 or candidates, m, d)
      const [rows = 0, m = 0] = x.shape;
      const from = this.#read;
      for (let i = 1; i <= this.#config.layers; ++i) {
        const past = old[i - 1];
        const bias = tensor(this.#biasRows(i - 1, from, m), [m, from + m]);
        const out = nextLayer(this.#params, this.#config, layerName(i), x, bias, past);
        x = out.x;
        // The caption is read once; its keys and values are copied for all candidates.
        const spread = (t: Tensor) => keep(rows < this.#candidates ? tile(t, [this.#candidates, 1, 1, 1]) : t);
        fresh.push({k: spread(out.k), v: spread(out.v)});
      }
      this.#read = from + m;
      const width = modelWidth(this.#config);
      const last = reshape(slice(x, [0, m - 1, 0], [rows, 1, width]), [rows, width]);
      const next = imageLogits(this.#params, normalize(this.#params, "output.norm", last));
      return rows < this.#candidates ? tile(next, [this.#candidates, 1]) : next;
    });
    this.#cache = fresh;
    for (const {k, v} of old) dispose([k, v]);
    return logits;
  }

  /** Rows [from, from + m) of a layer's mask, columns [0, from + m). */
  #biasRows(index: number, from: number, m: number): Float32Array {
    const out = new Float32Array(m * (from + m));
    for (let r = 0; r < m; ++r) {
      const start = (from + r) * this.#length;
      out.set(this.#biases[index]!.subarray(start, start + from + m), r * (from + m));
    }
    return out;
  }
}
