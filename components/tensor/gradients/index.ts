// The gradient of every kernel that the models use.
//
// tfjs-core registers none by itself (only the union package does), and several of its own are wrong or slow:
// maximum, minimum, squaredDifference and where forget to sum over broadcast axes; max gives the whole gradient to each
// of several equal maxima; resizing goes through kernels that differ between backends. So they are all here.
// Gradients are closures, so that what no parameter needs is not computed.

import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {elementwiseGradients} from "./elementwise.js";
import type {Attributes} from "./gradient.js";
import {networkGradients} from "./networks.js";
import {shapeGradients} from "./shapes.js";

/** Registers them all, in place of any registered before. */
export function registerGradients(): void {
  for (const [kernelName, {inputs, output, backward}] of Object.entries({
    ...elementwiseGradients,
    ...shapeGradients,
    ...networkGradients
  })) {
    if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      ...(inputs === "all" ? {saveAllInputs: true} : {inputsToSave: [...(inputs ?? [])]}),
      ...(output ? {outputsToSave: [true]} : {}),
      gradFunc: (dy, saved, attributes) => backward(dy as Tensor, saved, attributes as Attributes)
    });
  }
}
