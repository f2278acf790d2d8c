// The worker of the browser test: the real engine with the smallest trainer, and faults to inject.

import {setWasmBinary} from "../../components/tensor/index.js";
import {loadWasmBinary} from "../../components/tensor/wasmFile.js";
import {serveEngine} from "../../components/training/workerEngine.js";
import {lineModels} from "./lineTrainer.js";

export interface Faults {
  loseContext(): void;
  loseDevice(): void;
  hang(): void;
}

let context: WebGL2RenderingContext | undefined;
let device: GPUDevice | undefined;

const getContext = OffscreenCanvas.prototype.getContext as (...args: unknown[]) => unknown;
(OffscreenCanvas.prototype as {getContext: unknown}).getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
  const made = getContext.apply(this, args);
  if (made instanceof WebGL2RenderingContext) context = made;
  return made;
};
if (typeof GPUAdapter !== "undefined") {
  const requestDevice = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    device = await requestDevice.apply(this, args);
    return device;
  };
}

const faults: Faults = {
  loseContext: () => context!.getExtension("WEBGL_lose_context")!.loseContext(),
  loseDevice: () => device!.destroy(),
  hang() {
    for (;;);
  }
};
Object.assign(globalThis, {faults});

setWasmBinary(loadWasmBinary);
serveEngine(lineModels);
