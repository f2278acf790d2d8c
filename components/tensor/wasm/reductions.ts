// Sum and Mean over leading or trailing axes, and Softmax; tfjs transposes first where the axes are not the last.

import {type KernelConfig, type KernelFunc, Mean, Softmax, Sum, type TensorInfo, util} from "@tensorflow/tfjs-core";
import {kernelsOf, offset, type WasmBackend} from "./module.js";

function reduce(fallback: KernelFunc, mean: boolean): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims?: boolean};
    const rank = x.shape.length;
    const axes = util.parseAxisParam(axis, x.shape);
    const reduced = x.shape.map((_, i) => axes.includes(i));
    const size = util.sizeFromShape(x.shape);
    const count = x.shape.reduce((product, n, i) => (reduced[i] ? product * n : product), 1);
    // Axes of size 1 belong to either side.
    const kept = x.shape.flatMap((n, i) => (!reduced[i] && n > 1 ? [i] : []));
    const gone = x.shape.flatMap((n, i) => (reduced[i] && n > 1 ? [i] : []));
    const trailing = (kept.at(-1) ?? -1) < (gone[0] ?? rank);
    const leading = (gone.at(-1) ?? -1) < (kept[0] ?? rank);
    if (x.dtype !== "float32" || size === 0 || !(trailing || leading)) return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(
      x.shape.flatMap((n, i) => (reduced[i] ? (keepDims ? [1] : []) : [n])),
      "float32"
    );
    const kernels = kernelsOf(backend);
    const scale = mean ? 1 / count : 1;
    if (trailing) kernels.rowSums(offset(backend, x), size / count, count, scale, offset(backend, out));
    else kernels.columnSums(offset(backend, x), count, size / count, scale, offset(backend, out));
    return out;
  };
}

/** Over the last axis: tfjs knows no other. */
const softmax: KernelFunc = (args) => {
  const {logits} = args.inputs as {logits: TensorInfo};
  const backend = args.backend as WasmBackend;
  const out = backend.makeOutput(logits.shape, "float32");
  const n = logits.shape.at(-1)!;
  const rows = n === 0 ? 0 : util.sizeFromShape(logits.shape) / n;
  kernelsOf(backend).softmaxRows(offset(backend, logits), rows, n, offset(backend, out));
  return out;
};

/** fallback(name) is the kernel registered before. */
export function reductionConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  return [
    {kernelName: Sum, backendName: "wasm", kernelFunc: reduce(fallback(Sum), false)},
    {kernelName: Mean, backendName: "wasm", kernelFunc: reduce(fallback(Mean), true)},
    {kernelName: Softmax, backendName: "wasm", kernelFunc: softmax}
  ];
}
