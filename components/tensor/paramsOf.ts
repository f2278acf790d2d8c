import type {Tensor} from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type {NamedArrays} from "./adamW.js";

/** Stored parameters as tensors, which the caller disposes. */
export function paramsOf(arrays: NamedArrays): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(arrays).map(([name, {shape, data}]) => [name, tf.tensor(data, [...shape])]));
}
