// Our own WebAssembly SIMD kernels for tfjs's WASM backend, under tfjs's kernel names: the same ops, several times faster
// in training. One thread.

import {
  engine,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  registerKernel,
  unregisterKernel
} from "@tensorflow/tfjs-core";
import {setGumbelFiller} from "../../../data/random.js";
import {setFastOps} from "../fast.js";
import {batchMatMulConfig} from "./batchMatMul.js";
import {convolutionConfigs} from "./convolution.js";
import {elementwiseConfigs} from "./elementwise.js";
import {wasmFastOps} from "./fused.js";
import {fillGumbel} from "./gumbel.js";
import {compile, sharesMemory, type WasmBackend} from "./module.js";
import {movementConfigs} from "./movement.js";
import {poolingConfigs} from "./pooling.js";
import {reductionConfigs} from "./reductions.js";
import {roundingConfigs} from "./rounding.js";

/** The kernels that ours replaced; undefined where there was none. */
const replaced = new Map<string, KernelConfig | undefined>();

/**
 * Replaces tfjs's WASM kernels by ours and plugs in our fused ops (fast.ts). The backend "wasm" must have started; kernels registered earlier
 * (mends) stay as the fallback for what ours do not cover. Resolves to false, and changes nothing,
 * where that cannot be done: no SIMD, or tfjs's build with threads, whose memory is not to be had.
 */
export async function registerWasmKernels(): Promise<boolean> {
  if (replaced.size > 0) {
    setFastOps(wasmFastOps); // the backend may have been left and entered again
    return true;
  }
  if (!(await compile())) return false;
  if (!sharesMemory(engine().findBackend("wasm") as unknown as WasmBackend)) return false;
  const groups = [
    convolutionConfigs,
    movementConfigs,
    reductionConfigs,
    elementwiseConfigs,
    poolingConfigs,
    roundingConfigs
  ];
  for (const config of [batchMatMulConfig, ...groups.flatMap((configs) => configs(previousKernel))]) {
    const own = getKernel(config.kernelName, "wasm");
    replaced.set(config.kernelName, own);
    if (own) unregisterKernel(config.kernelName, "wasm");
    registerKernel(config);
  }
  setFastOps(wasmFastOps);
  setGumbelFiller(fillGumbel);
  return true;
}

/** Puts the kernels before ours back: for comparisons. */
export function unregisterWasmKernels(): void {
  for (const [name, own] of replaced) {
    unregisterKernel(name, "wasm");
    if (own) registerKernel(own);
  }
  replaced.clear();
  setFastOps({});
  setGumbelFiller(null);
}

/** The kernel before ours; one that throws where there was none. */
function previousKernel(name: string): KernelFunc {
  const own = getKernel(name, "wasm");
  if (own) return own.kernelFunc;
  return () => {
    throw new Error(`${name}: expected a case that the WASM kernels cover, got another`);
  };
}
