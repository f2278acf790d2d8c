// Notices that a graphics device is lost or has failed, which tfjs does not.

import * as tf from "@tensorflow/tfjs-core";
import type {BackendName} from "./backendReport.js";
import {allowReads, BackendLostError, failReads} from "./read.js";

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

const watched = new WeakSet<object>();
let trusted: object | null = null;

/** Watches the backend that has just started: its reads fail once it is lost. For backend.ts. */
export function watchBackend(name: BackendName): void {
  allowReads();
  trusted = null;
  const backend: object = tf.backend();
  if (watched.has(backend)) return;
  watched.add(backend);
  const report = (reason: string): void => {
    if (tf.backend() !== backend) return; // left for another since
    failReads(new BackendLostError(reason));
    if (trusted === backend) for (const listener of [...listeners]) listener(reason);
  };
  if (name === "webgpu") {
    const {device} = backend as {device: GPUDevice};
    device.addEventListener("uncapturederror", (event) => report(`WebGPU refused a kernel: ${event.error.message}`));
    void device.lost.then(({message}) => report(`The WebGPU device was lost: ${message}`));
  } else if (name === "webgl") {
    const {canvas} = (backend as {gpgpu: {gl: WebGL2RenderingContext}}).gpgpu.gl;
    canvas.addEventListener("webglcontextlost", () => report("The WebGL context was lost"));
  }
}

/** From now on a loss is told: before the self-test has passed it only fails the test. For backend.ts. */
export function trustBackend(): void {
  trusted = tf.backend();
}
