// What the mends share.

import type {KernelConfig, TensorInfo} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {BackendName} from "../backendReport.js";

export type KernelArguments = Parameters<KernelConfig["kernelFunc"]>[0];

/** Registers a kernel in place of the backend's own, if any. The mark tells it from a stock one. */
export function replaceKernel(config: KernelConfig): void {
  if (tf.getKernel(config.kernelName, config.backendName)) {
    tf.unregisterKernel(config.kernelName, config.backendName);
  }
  tf.registerKernel(config);
}

/** Runs another kernel of the same backend, off the tape. The caller disposes the result with release. */
export function runKernel(
  backendName: BackendName,
  kernelName: string,
  inputs: Record<string, TensorInfo>,
  backend: object,
  attrs: Record<string, unknown>
): TensorInfo {
  const kernel = tf.getKernel(kernelName, backendName);
  if (!kernel) throw new Error(`runKernel: expected ${backendName} to have ${kernelName}, got none`);
  return kernel.kernelFunc({inputs, backend, attrs: attrs as tf.NamedAttrMap}) as TensorInfo;
}

/** Frees intermediate results. */
export function release(backend: object, ...tensors: TensorInfo[]): void {
  for (const {dataId} of tensors) (backend as tf.KernelBackend).disposeData(dataId);
}
