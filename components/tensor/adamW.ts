// AdamW (Loshchilov & Hutter 2019) with global-norm clipping and a moving average of the parameters.
//
// All parameters lie in one flat buffer, and so do the moments: a step is a dozen large kernels, where tfjs's own
// optimisers run about a dozen small ones for each variable.

import type {Scalar, Tensor, Tensor1D} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {type AdamWBuffers, type AdamWUpdate, fastOps} from "./fast.js";
import {flatten} from "./flatten.js";
import {read} from "./read.js";

export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type NamedArrays = Readonly<Record<string, NamedArray>>;

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  /** Added to √v after bias correction, as PyTorch does. */
  readonly epsilon: number;
  /** Decoupled: a parameter loses learningRate · weightDecay of itself a step. */
  readonly weightDecay: number;
  /** Which parameters decay; all if absent. */
  readonly decays?: (name: string) => boolean;
  /** The largest norm of all gradients together; 0 clips nothing. */
  readonly clipNorm: number;
  /** ema ← emaDecay · ema + (1 − emaDecay) · params after each step; 0 keeps no average. */
  readonly emaDecay: number;
}

/** Everything needed to go on exactly. ema is null if no average is kept. */
export interface AdamWState {
  readonly step: number;
  readonly params: NamedArrays;
  readonly ema: NamedArrays | null;
  readonly m: NamedArrays;
  readonly v: NamedArrays;
}

interface Slot {
  readonly name: string;
  readonly shape: number[];
  readonly offset: number;
  readonly size: number;
}

/** Owns the parameters, their moments and their average; dispose() frees them. */
export class AdamW {
  readonly options: AdamWOptions;
  readonly #slots: readonly Slot[];
  readonly #mask: Tensor1D;
  #buffers: Omit<AdamWBuffers, "mask">;
  #views: Record<string, Tensor> | null = null;
  #emaViews: Record<string, Tensor> | null = null;
  #step = 0;

  /** The initial values, of which a copy is taken. */
  constructor(params: Readonly<Record<string, NamedArray | Tensor>>, options: AdamWOptions) {
    let size = 0;
    this.#slots = Object.entries(params).map(([name, {shape}]) => {
      const slot = {name, shape: [...shape], offset: size, size: tf.util.sizeFromShape([...shape])};
      size += slot.size;
      return slot;
    });
    if (size === 0) throw new Error("AdamW: expected at least one parameter, got none");
    this.options = options;
    const mask = new Float32Array(size);
    for (const slot of this.#slots) {
      if (options.decays?.(slot.name) ?? true) mask.fill(1, slot.offset, slot.offset + slot.size);
    }
    this.#mask = tf.tensor1d(mask);
    const flat = tf.tidy(() =>
      tf.concat1d(
        this.#slots.map(({name, size: length}) => {
          const value = params[name]!;
          if (value instanceof tf.Tensor) return tf.reshape(value, [length]) as Tensor1D;
          return tf.tensor1d(checked("AdamW", name, value, length));
        })
      )
    );
    this.#buffers = {params: flat, m: tf.zeros([size]), v: tf.zeros([size]), ema: this.#average(flat)};
  }

  /** Updates made so far. */
  get steps(): number {
    return this.#step;
  }

  /** The parameters by name. They belong to the optimiser and live until its next update. */
  params(): Readonly<Record<string, Tensor>> {
    this.#views ??= this.#split(this.#buffers.params);
    return this.#views;
  }

  /** The moving average by name, on the same terms; the parameters themselves if none is kept. */
  emaParams(): Readonly<Record<string, Tensor>> {
    if (!this.#buffers.ema) return this.params();
    this.#emaViews ??= this.#split(this.#buffers.ema);
    return this.#emaViews;
  }

  /**
   * One update by the gradients of all parameters, which stay the caller's. gradNorm is their global norm before
   * clipping, and is the caller's to dispose.
   */
  step(grads: Readonly<Record<string, Tensor>>, learningRate: number): {gradNorm: Scalar} {
    for (const {name, shape} of this.#slots) {
      const got = grads[name]?.shape;
      if (!got || got.join() !== shape.join()) {
        throw new Error(`AdamW.step: expected a gradient [${shape}] for ${name}, got ${got ? `[${got}]` : "none"}`);
      }
    }
    const flat = flatten(this.#slots.map(({name}) => grads[name]!));
    const result = this.stepFlat(flat, learningRate);
    flat.dispose();
    return result;
  }

  /** The same with all gradients in one vector, in the parameters' order. */
  stepFlat(flat: Tensor1D, learningRate: number): {gradNorm: Scalar} {
    if (flat.size !== this.#mask.size) {
      throw new Error(`AdamW.stepFlat: expected ${this.#mask.size} gradients, got ${flat.size}`);
    }
    const {beta1, beta2, epsilon, weightDecay, clipNorm, emaDecay} = this.options;
    const update = {step: ++this.#step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, emaDecay};
    const before = this.#buffers;
    const {gradNorm, ...after} = (fastOps().adamW ?? composedUpdate)(flat, {...before, mask: this.#mask}, update);
    this.#dropViews();
    this.#buffers = after;
    for (const key of ["params", "m", "v", "ema"] as const) if (before[key] !== after[key]) before[key]?.dispose();
    return {gradNorm};
  }

  /** Counts an update that is not made: the moments' bias correction goes by the count. */
  skip(): void {
    this.#step += 1;
  }

  /** Gives some parameters other values; their average and moments stay. */
  set(values: NamedArrays): void {
    for (const [name, array] of Object.entries(values)) {
      const slot = this.#slots.find((one) => one.name === name);
      if (!slot) throw new Error(`AdamW.set: expected a parameter, got ${name}`);
      const old = this.#buffers.params;
      const end = slot.offset + slot.size;
      const params = tf.tidy(() =>
        tf.concat1d([
          tf.slice1d(old, 0, slot.offset),
          tf.tensor1d(checked("AdamW.set", name, array, slot.size)),
          tf.slice1d(old, end, old.size - end)
        ])
      );
      this.#dropViews();
      old.dispose();
      this.#buffers = {...this.#buffers, params};
    }
  }

  /** All parameters in one vector; it belongs to the optimiser and lives until its next update. */
  flat(): Tensor1D {
    return this.#buffers.params;
  }

  async state(): Promise<AdamWState> {
    const {params, m, v, ema} = this.#buffers;
    const step = this.#step;
    // The step count and the clones belong together even if an update comes before the reads end.
    const copies = [params, m, v, ...(ema ? [ema] : [])].map((x) => tf.clone(x));
    try {
      const arrays = await Promise.all(copies.map((x) => read(x)));
      const named = arrays.map((data) => this.#named(data as Float32Array));
      return {step, params: named[0]!, m: named[1]!, v: named[2]!, ema: named[3] ?? null};
    } finally {
      tf.dispose(copies);
    }
  }

  /** Goes on from a state with the same names and shapes; nothing changes if it throws. */
  restore(state: AdamWState): void {
    const line = (arrays: NamedArrays): Float32Array => {
      const flat = new Float32Array(this.#mask.size);
      for (const {name, shape, offset, size} of this.#slots) {
        const array = arrays[name];
        if (!array) throw new Error(`AdamW.restore: expected ${name}, got none`);
        if (array.shape.join() !== shape.join()) {
          throw new Error(`AdamW.restore: expected ${name} [${shape}], got [${array.shape}]`);
        }
        flat.set(checked("AdamW.restore", name, array, size), offset);
      }
      return flat;
    };
    const params = line(state.params);
    const m = line(state.m);
    const v = line(state.v);
    const ema = this.options.emaDecay > 0 ? line(state.ema ?? state.params) : null;
    this.#dropViews();
    this.#dropBuffers();
    this.#buffers = {
      params: tf.tensor1d(params),
      m: tf.tensor1d(m),
      v: tf.tensor1d(v),
      ema: ema && tf.tensor1d(ema)
    };
    this.#step = state.step;
  }

  dispose(): void {
    this.#dropViews();
    this.#dropBuffers();
    this.#mask.dispose();
  }

  #average(params: Tensor1D): Tensor1D | null {
    return this.options.emaDecay > 0 ? tf.clone(params) : null;
  }

  #split(flat: Tensor1D): Record<string, Tensor> {
    // Kept, so that they outlive a tidy in which somebody first asks for them.
    return Object.fromEntries(
      this.#slots.map(({name, shape, offset, size}) => [
        name,
        tf.keep(tf.tidy(() => tf.reshape(tf.slice1d(flat, offset, size), shape)))
      ])
    );
  }

  #dropViews(): void {
    tf.dispose([this.#views ?? {}, this.#emaViews ?? {}]);
    this.#views = null;
    this.#emaViews = null;
  }

  #dropBuffers(): void {
    for (const buffer of Object.values(this.#buffers)) buffer?.dispose();
  }

  #named(flat: Float32Array): NamedArrays {
    return Object.fromEntries(
      this.#slots.map(({name, shape, offset, size}) => [name, {shape, data: flat.slice(offset, offset + size)}])
    );
  }
}

function checked(caller: string, name: string, {shape, data}: NamedArray, size: number): Float32Array {
  if (data.length !== size) {
    throw new Error(`${caller}: expected ${size} numbers for ${name} [${shape}], got ${data.length}`);
  }
  return data;
}

/** The update as PyTorch's clip_grad_norm_ and AdamW make it. */
function composedUpdate(
  grads: Tensor1D,
  {params, m, v, ema, mask}: AdamWBuffers,
  {step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, emaDecay}: AdamWUpdate
): Omit<AdamWBuffers, "mask"> & {gradNorm: Scalar} {
  const mix = (old: Tensor1D, next: Tensor, weight: number): Tensor1D =>
    tf.add(tf.mul(old, weight), tf.mul(next, 1 - weight));
  const after = tf.tidy(() => {
    const gradNorm = tf.sqrt(tf.sum(tf.square(grads))) as Scalar;
    const g = clipNorm > 0 ? tf.mul(grads, tf.minimum(tf.div(clipNorm, tf.add(gradNorm, 1e-6)), 1)) : grads;
    const nextM = mix(m, g, beta1);
    const nextV = mix(v, tf.square(g), beta2);
    const scale = tf.add(tf.div(tf.sqrt(nextV), Math.sqrt(1 - beta2 ** step)), epsilon);
    const change = tf.mul(tf.div(nextM, scale), learningRate / (1 - beta1 ** step));
    const kept = weightDecay > 0 ? tf.mul(params, tf.sub(1, tf.mul(mask, learningRate * weightDecay))) : params;
    const next = tf.sub<Tensor1D>(kept, change);
    const result = {params: next, m: nextM, v: nextV, gradNorm};
    return ema ? {...result, ema: mix(ema, next, emaDecay)} : result;
  }) as Omit<AdamWBuffers, "mask" | "ema"> & {gradNorm: Scalar; ema?: Tensor1D};
  return {...after, ema: after.ema ?? null};
}
