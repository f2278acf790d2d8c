import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import type {BackendName} from "./backendReport.js";
import {registerGradients} from "./gradients.js";
import {registerMends} from "./mends/index.js";
import {useOneThread} from "./wasmBinary.js";

export async function useBackend(name: BackendName): Promise<void> {
  useOneThread();
  registerGradients();
  registerMends();
  if (!(await tf.setBackend(name))) throw new Error(`useBackend: expected ${name} to start, got no backend`);
  await tf.ready();
}

export function currentBackend(): BackendName {
  return tf.getBackend() as BackendName;
}
