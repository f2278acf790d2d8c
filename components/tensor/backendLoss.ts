// Notices that a graphics device is lost or has failed, which tfjs does not.

import * as tf from "@tensorflow/tfjs-core";
import type {BackendName} from "./backendReport.js";
import {BackendLostError, failReadsWith} from "./read.js";

const listeners = new Set<(reason: string) => void>();

/**
 * Calls back, with a sentence, when the backend in use has failed for good: its context or device is lost, or a
 * WebGPU kernel was refused, so that its results are wrong. A fresh worker works again; this one does not.
 * Returns a function that ends the calls.
 */
export function onBackendLost(callback: (reason: string) => void): () => void {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

/** Watches the backend that has just started; all reads fail once it is lost. For backend.ts. */
export function watchBackend(name: BackendName): void {
  let report: (reason: string) => void = () => {};
  failReadsWith(
    new Promise<never>((_, reject) => {
      report = (reason) => {
        reject(new BackendLostError(reason));
        for (const listener of [...listeners]) listener(reason);
      };
    })
  );
  if (name === "webgpu") {
    const {device} = tf.backend() as unknown as {device: GPUDevice};
    device.addEventListener("uncapturederror", (event) => report(`WebGPU refused a kernel: ${event.error.message}`));
    void device.lost.then(({message}) => report(`The WebGPU device was lost: ${message}`));
  } else if (name === "webgl") {
    const {gpgpu} = tf.backend() as unknown as {gpgpu: {gl: WebGL2RenderingContext}};
    gpgpu.gl.canvas.addEventListener("webglcontextlost", () => report("The WebGL context was lost"), {once: true});
  }
}
