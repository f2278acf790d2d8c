// Starts tfjs's WASM backend in Node with our kernels.

import {dirname} from "node:path";
import {fileURLToPath} from "node:url";
import {setWasmPaths} from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import {registerGradients} from "../../../components/tensor/gradients/index.js";
import {registerWasmKernels} from "../../../components/tensor/wasm/index.js";

/** Resolves when the backend runs; throws if our kernels were not taken. */
export async function startWasm(): Promise<void> {
  const entry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  setWasmPaths(`${dirname(entry)}/`);
  registerGradients();
  if (!(await tf.setBackend("wasm"))) throw new Error("startWasm: expected the WASM backend to start");
  if (!(await registerWasmKernels())) throw new Error("startWasm: expected our kernels to be registered");
}
