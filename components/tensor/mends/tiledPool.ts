import type {TensorInfo} from "@tensorflow/tfjs-core";
import type {KernelArguments} from "./kernels.js";

/** A MaxPoolGrad's arguments if its windows, [height, width], tile the image; else null. */
export function tiledPool({
  inputs,
  attrs
}: KernelArguments): {x: TensorInfo; dy: TensorInfo; height: number; width: number} | null {
  const x = inputs.input!;
  const dy = inputs.dy!;
  const {filterSize, strides} = attrs as {filterSize: number | number[]; strides: number | number[]};
  const [height, width] = pair(filterSize);
  const [down, right] = pair(strides);
  const tiles =
    height === down && width === right && x.shape[1] === height * dy.shape[1]! && x.shape[2] === width * dy.shape[2]!;
  return tiles ? {x, dy, height, width} : null;
}

function pair(n: number | number[]): [number, number] {
  return typeof n === "number" ? [n, n] : [n[0]!, n[1]!];
}
