// Numbers as a narrower floating-point format would hold them, still in float32. Kernels of ours on every backend, which
// work on a number's bits: arithmetic such as (x + c) − c is what a shader compiler may simplify away, log2 is not exact
// at powers of two on a GPU, and a test for NaN may be compiled as if there were none.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {BackendName} from "../backendReport.js";
import {cpuRounding} from "./cpu.js";
import {webglRounding} from "./webgl.js";
import {webgpuRounding} from "./webgpu.js";

/** A format within float32's range; nn/floatFormat.ts says what the numbers mean. */
export interface RoundingFormat {
  readonly significandBits: number;
  readonly largest: number;
  readonly smallestNormal: number;
  readonly smallestSubnormal: number;
}

/** The same as the kernels take it. */
export interface RoundingAttributes {
  /** Of float32's 23 significand bits. */
  readonly dropped: number;
  /** The smallest normal number is 2^lowest. */
  readonly lowest: number;
  readonly largest: number;
  readonly subnormals: boolean;
}

/** What a backend brings: three kernels under these names. */
export const roundingKernels = ["RoundToFormat", "FiniteOrZero", "NonFinite"] as const;

const configs = {cpu: cpuRounding, wasm: cpuRounding, webgl: webglRounding, webgpu: webgpuRounding};

/** Registers the backend's kernels; on WASM slow ones, which our own replace. Its package must have been loaded. */
export function registerRounding(backend: BackendName): void {
  for (const config of configs[backend](backend)) {
    if (!tf.getKernel(config.kernelName, backend)) tf.registerKernel(config);
  }
}

/** x in the format, elementwise: round half to even, subnormals, ±∞ beyond the largest. No gradient. */
export function roundedTo(x: Tensor, format: RoundingFormat): Tensor {
  const {significandBits, largest, smallestNormal, smallestSubnormal} = format;
  const attributes: RoundingAttributes = {
    dropped: 23 - significandBits,
    lowest: Math.round(Math.log2(smallestNormal)),
    largest,
    subnormals: smallestSubnormal < smallestNormal
  };
  return run("RoundToFormat", x, attributes);
}

/** x, and 0 where it is ∞ or NaN. No gradient. */
export function finiteOrZero(x: Tensor): Tensor {
  return run("FiniteOrZero", x);
}

/** 1 where x is ∞ or NaN, else 0, float32. No gradient. */
export function nonFinite(x: Tensor): Tensor {
  return run("NonFinite", x);
}

function run(name: (typeof roundingKernels)[number], x: Tensor, attributes: object = {}): Tensor {
  return tf.engine().runKernel(name, {x}, attributes as tf.NamedAttrMap) as Tensor;
}
