// Counts what one run asks of tfjs's backend, by wrapping what is registered with it.

import * as tf from "@tensorflow/tfjs-core";
import {type DifferentiableOp, type FastOps, fastOps, setFastOps} from "../../components/tensor/fast.js";

export interface Counts {
  /** Kernels that compute something, those that another kernel calls not counted. */
  readonly kernels: number;
  /** Kernels that only give a tensor another shape or name. */
  readonly views: number;
  /** Dispatches or draws of a GPU. */
  readonly programs?: number;
}

const viewKernels: ReadonlySet<string> = new Set(["Reshape", "Identity", "ExpandDims"]);

export async function countKernels(backend: string, run: () => Promise<unknown>): Promise<Counts> {
  let [kernels, views, programs, depth] = [0, 0, 0, 0];
  const counted = <R>(name: string, f: () => R): R => {
    if (depth === 0) {
      if (viewKernels.has(name)) ++views;
      else ++kernels;
    }
    ++depth;
    try {
      return f();
    } finally {
      --depth;
    }
  };
  const before = tf.getKernelsForBackend(backend);
  const replace = (config: tf.KernelConfig) => {
    tf.unregisterKernel(config.kernelName, backend);
    tf.registerKernel(config);
  };
  for (const config of before) {
    replace({...config, kernelFunc: (args) => counted(config.kernelName, () => config.kernelFunc(args))});
  }
  const fast = fastOps();
  setFastOps(wrapped(fast, counted));
  const restore = countPrograms(() => ++programs);
  try {
    await run();
  } finally {
    restore();
    setFastOps(fast);
    for (const config of before) replace(config);
  }
  return {kernels, views, ...(programs > 0 ? {programs} : {})};
}

type Counted = <R>(name: string, f: () => R) => R;

function wrapped(fast: Readonly<Partial<FastOps>>, counted: Counted): Partial<FastOps> {
  const out: Record<string, unknown> = {};
  for (const [name, op] of Object.entries(fast)) {
    if (typeof op === "function") {
      out[name] = (...args: never[]) => counted(name, () => (op as (...args: never[]) => unknown)(...args));
    } else {
      const {forward, backward} = op as DifferentiableOp<unknown>;
      out[name] = {
        forward: (...args: Parameters<typeof forward>) => counted(name, () => forward(...args)),
        backward: (...args: Parameters<typeof backward>) => {
          const grads = counted(name, () => backward(...args));
          return grads.map((grad) => (typeof grad === "function" ? () => counted(name, grad) : grad));
        }
      } satisfies DifferentiableOp<unknown>;
    }
  }
  return out as Partial<FastOps>;
}

/** Calls back for each dispatch or draw of a GPU, until the function that is returned is called. */
function countPrograms(each: () => void): () => void {
  const restores = [
    ...(typeof GPUComputePassEncoder === "function"
      ? [hook(GPUComputePassEncoder.prototype, "dispatchWorkgroups", each)]
      : []),
    ...(typeof WebGL2RenderingContext === "function"
      ? [hook(WebGL2RenderingContext.prototype, "drawElements", each)]
      : [])
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

/** Calls back, with `this`, before each call of a method; the function that is returned puts the method back. */
export function hook<T extends object>(prototype: T, name: keyof T & string, each: (self: T, args: unknown[]) => void) {
  const own = prototype[name] as (...args: unknown[]) => unknown;
  const put = (f: unknown) => Object.defineProperty(prototype, name, {value: f, writable: true, configurable: true});
  put(function (this: T, ...args: unknown[]) {
    each(this, args);
    return own.apply(this, args);
  });
  return (): void => void put(own);
}
