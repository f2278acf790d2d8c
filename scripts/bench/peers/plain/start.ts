// tfjs as its documentation would have one write the models: its own ops, gradients and optimiser, none of ours. Mends
// come in only where tfjs alone cannot train, or trains wrongly: see mends.

import * as tf from "@tensorflow/tfjs-core";
import type {BackendName} from "../../../../components/tensor/backendReport.js";
import {mendWasmConv2DBackpropFilter} from "../../../../components/tensor/mends/wasmConv2DBackpropFilter.js";
import {mendWasmMatMul} from "../../../../components/tensor/mends/wasmMatMul.js";
import {mendWasmMaxPoolGrad} from "../../../../components/tensor/mends/wasmMaxPoolGrad.js";
import {mendWasmUnsortedSegmentSum} from "../../../../components/tensor/mends/wasmUnsortedSegmentSum.js";
import {loadWasmBackend} from "../../../../components/tensor/wasmBinary.js";
import {countKernels} from "../../count.js";
import {drawInputs, dvaeInputs, priorInputs} from "../../inputs.js";
import type {Peer} from "../../peer.js";
import {describeBackend} from "../describe.js";
import {drawing} from "./draw.js";
import {dvaeLoss} from "./dvae.js";
import {priorLoss} from "./prior.js";
import {training} from "./training.js";

const load: Record<BackendName, () => Promise<unknown>> = {
  webgpu: () => import("@tensorflow/tfjs-backend-webgpu"),
  async webgl() {
    await import("@tensorflow/tfjs-backend-webgl");
    tf.env().set("SOFTWARE_WEBGL_ENABLED", true); // or it refuses to start where a test has no GPU
  },
  wasm: loadWasmBackend,
  cpu: () => import("@tensorflow/tfjs-backend-cpu")
};

/** WASM lacks two kernels of training and has one that is wrong. */
const mends: readonly (() => void)[] = [mendWasmConv2DBackpropFilter, mendWasmUnsortedSegmentSum, mendWasmMaxPoolGrad];

/** registerGradients: registers tfjs's own. */
export async function startPlain(backend: BackendName, registerGradients: () => Promise<unknown>): Promise<Peer> {
  const description = await describeBackend(backend);
  await registerGradients();
  tf.env().set("PROD", true);
  await load[backend]();
  if (backend === "wasm") for (const mend of mends) mend();
  const chooseMatMul = backend === "wasm" ? matMulChoice() : () => {};
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend) throw new Error(`${backend} does not start`);
  return {
    description,
    make(workload) {
      if (workload === "W1") return training(dvaeInputs(), dvaeLoss);
      if (workload === "W2") return training(priorInputs(), priorLoss);
      return drawing(drawInputs(), workload === "W3");
    },
    before: (workload) => chooseMatMul(workload === "W1" || workload === "W2"),
    count: (run) => countKernels(backend, run)
  };
}

/**
 * WASM's matMul with transposed operands is right but slow where they are large: transposing them first takes a prior's
 * step to about a third of its time, but makes drawing with a cache slower. The yardstick is the best plain tfjs, so each
 * has the better of the two.
 */
function matMulChoice(): (transposing: boolean) => void {
  const stock = tf.getKernel("BatchMatMul", "wasm");
  mendWasmMatMul();
  const mended = tf.getKernel("BatchMatMul", "wasm");
  return (transposing) => {
    tf.unregisterKernel("BatchMatMul", "wasm");
    tf.registerKernel(transposing ? mended : stock);
  };
}
