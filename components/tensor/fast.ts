// Faster implementations of a few composed ops, plugged in by a backend's own kernels.
//
// What is missing here is composed of tfjs ops by the file that exports the op; a backend that can do better calls
// setFastOps after it has started. tfjs kernels proper (Conv2D and its backprops, BatchMatMul, MaxPool, Softmax, …)
// are not listed: they are replaced through registerKernel under their own names.

import type {Scalar, Tensor, Tensor1D} from "@tensorflow/tfjs-core";
import type {AttentionMask} from "./attentionMask.js";

/**
 * An op with its own backward pass. Both run inside a tidy and off the tape; neither disposes its arguments.
 * forward returns the output and what backward needs (inputs may be among them); backward returns the gradients of
 * the inputs, in order, or functions that compute them, called only for inputs on which a parameter bears. Integer
 * inputs come in `constants`, and have no gradient.
 */
export interface DifferentiableOp<Attributes> {
  forward(inputs: Tensor[], constants: Tensor[], attributes: Attributes): {output: Tensor; saved: Tensor[]};
  backward(dy: Tensor, saved: Tensor[], attributes: Attributes): (Tensor | (() => Tensor))[];
}

/** The flat float32 [n] tensors of an AdamW; mask is 1 where weight decay applies. */
export interface AdamWBuffers {
  readonly params: Tensor1D;
  readonly m: Tensor1D;
  readonly v: Tensor1D;
  readonly ema: Tensor1D | null;
  readonly mask: Tensor1D;
}

/** One update's numbers. step counts from 1. clipNorm 0 clips nothing. */
export interface AdamWUpdate {
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly emaDecay: number;
}

export interface FastOps {
  /** inputs [x [..., d], gain [d], bias [d]]. */
  layerNorm: DifferentiableOp<{epsilon: number}>;
  /** inputs [x]; the tanh form. */
  gelu: DifferentiableOp<null>;
  /** inputs [logits [n, v]], constants [labels int32 [n]] → [n]. */
  softmaxCrossEntropy: DifferentiableOp<null>;
  /** inputs [q, k, v] float32 [b, h, t, d], constants [bias] or []; scale multiplies q·kᵀ. */
  attention: DifferentiableOp<{scale: number}>;
  /** inputs [qkv [b, t, 3 · heads · d]] → [b, t, heads · d]; see attention.ts. mask null: every query sees every key. */
  selfAttention: DifferentiableOp<{heads: number; mask: AttentionMask | null}>;
  /** inputs [x [n, in], weight [in, out], bias [out]]. */
  linear: DifferentiableOp<null>;
  /** inputs [x [n, h, w, in], weight [k, k, in, out], bias [out]]; stride 1, zero padding to the same size. */
  conv2d: DifferentiableOp<null>;
  /** All numbers of the tensors in one vector, as concat1d of their reshapes gives it; run off the tape, in a tidy. */
  flatten(tensors: readonly Tensor[]): Tensor1D;
  /**
   * One AdamW step (adamW.ts says what it computes). May write into the buffers and return the same tensors, or return
   * new ones, whose predecessors the caller disposes. gradNorm is the norm before clipping.
   */
  adamW(grads: Tensor1D, buffers: AdamWBuffers, update: AdamWUpdate): Omit<AdamWBuffers, "mask"> & {gradNorm: Scalar};
}

let ops: Partial<FastOps> = {};

/** Replaces the whole table; call with {} to go back to the compositions. */
export function setFastOps(next: Partial<FastOps>): void {
  ops = next;
}

export function fastOps(): Readonly<Partial<FastOps>> {
  return ops;
}
