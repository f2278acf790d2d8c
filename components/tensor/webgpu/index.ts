// Kernels of our own on WebGPU: with small models a GPU waits for commands, so what counts is how few there are.

import {type FastOps, setFastOps} from "../fast.js";
import {adamW} from "./adamW.js";
import {attention, selfAttention} from "./attention.js";
import {gelu} from "./gelu.js";
import {layerNorm} from "./layerNorm.js";
import {replaceConcat, replaceSlice} from "./movement.js";
import {conv2d, linear, useDirectProducts} from "./products.js";
import {softmaxCrossEntropy} from "./softmaxCrossEntropy.js";

export const webgpuFastOps = {
  layerNorm,
  gelu,
  softmaxCrossEntropy,
  attention,
  selfAttention,
  linear,
  conv2d,
  adamW
} satisfies Partial<FastOps>;

let replaced = false;

/** Puts them in place. tfjs must run on WebGPU. software: whether a processor plays the GPU. */
export function registerWebgpuKernels(software: boolean): void {
  setFastOps(webgpuFastOps);
  useDirectProducts(software);
  if (replaced) return;
  replaced = true;
  replaceSlice();
  replaceConcat();
}
