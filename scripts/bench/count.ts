// Counts what one run asks of tfjs's backend, by wrapping what is registered with it.

import * as tf from "@tensorflow/tfjs-core";
import {type DifferentiableOp, type FastOps, fastOps, setFastOps} from "../../components/tensor/fast.js";

export interface Counts {
  /** Kernels that compute something, those that another kernel calls not counted. */
  readonly kernels: number;
  /** Kernels that only give a tensor another shape or name. */
  readonly views: number;
  /** Programs that a GPU's backend runs for them. */
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

/** Calls back for each program of a GPU's backend, until the function that is returned is called. */
function countPrograms(each: () => void): () => void {
  const backend = tf.backend() as unknown as Record<string, unknown>;
  const name = ["runWebGLProgram", "runWebGPUProgram"].find((one) => typeof backend[one] === "function");
  if (name === undefined) return () => {};
  const own = backend[name] as (...args: unknown[]) => unknown;
  backend[name] = (...args: unknown[]) => {
    each();
    return own.apply(backend, args);
  };
  return () => {
    delete backend[name]; // the prototype's shows again
  };
}
