// Elementwise kernels. exp, ln and the logistic function run four lanes at a time, where tfjs's call the C library for
// each number; so do the four operations where an operand is smaller than the other, for which tfjs has only a loop.

import {broadcast_util, type KernelConfig, type KernelFunc, type TensorInfo, util} from "@tensorflow/tfjs-core";
import {kernelsOf, offset, type WasmBackend} from "./module.js";

function unary(name: "exponential" | "logarithm" | "logistic"): (fallback: KernelFunc) => KernelFunc {
  return (fallback) => (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    if (x.dtype !== "float32") return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(x.shape, "float32");
    kernelsOf(backend)[name](offset(backend, x), util.sizeFromShape(x.shape), offset(backend, out));
    return out;
  };
}

/** How b lies in a's shape: rows × n, and the mode of the kernel. Null where it does not fit one of the three. */
function layout(a: readonly number[], b: readonly number[]): {mode: number; rows: number; n: number} | null {
  const size = util.sizeFromShape([...a]);
  const count = util.sizeFromShape([...b]);
  if (b.length > a.length || size === 0) return null;
  const padded = [...Array<number>(a.length - b.length).fill(1), ...b];
  if (a.every((n, i) => n === padded[i])) return {mode: 0, rows: 1, n: size};
  if (count === 1) return {mode: 2, rows: 1, n: size};
  const first = padded.findIndex((n) => n > 1);
  if (a.every((n, i) => i < first || n === padded[i])) return {mode: 1, rows: size / count, n: count};
  const last = padded.findLastIndex((n) => n > 1);
  if (a.every((n, i) => i > last || n === padded[i])) return {mode: 2, rows: count, n: size / count};
  return null;
}

/** forward and backward: the kernel's numbers for a ∘ b and for b ∘ a. */
function binary(forward: number, backward: number): (fallback: KernelFunc) => KernelFunc {
  return (fallback) => (args) => {
    const {a, b} = args.inputs as {a: TensorInfo; b: TensorInfo};
    if (a.dtype !== "float32" || b.dtype !== "float32") return fallback(args);
    const plain = layout(a.shape, b.shape);
    const swapped = plain ? null : layout(b.shape, a.shape);
    const found = plain ?? swapped;
    if (!found) return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), "float32");
    const [large, small, op] = plain ? [a, b, forward] : [b, a, backward];
    const {mode, rows, n} = found;
    kernelsOf(backend).binary(op, mode, offset(backend, large), offset(backend, small), rows, n, offset(backend, out));
    return out;
  };
}

/** dy where y > 0, else 0. The name is ours: the gradient of relu asks for it. */
const reluGrad = (): KernelFunc => (args) => {
  const {dy, y} = args.inputs as {dy: TensorInfo; y: TensorInfo};
  const backend = args.backend as WasmBackend;
  const out = backend.makeOutput(y.shape, "float32");
  const size = util.sizeFromShape(y.shape);
  kernelsOf(backend).reluGradient(offset(backend, y), offset(backend, dy), size, offset(backend, out));
  return out;
};

/** fallback(name) is the kernel registered before. */
export function elementwiseConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  const kernels = {
    Exp: unary("exponential"),
    Log: unary("logarithm"),
    Sigmoid: unary("logistic"),
    ReluGrad: reluGrad,
    Add: binary(0, 0),
    Sub: binary(1, 4),
    Multiply: binary(2, 2),
    RealDiv: binary(3, 5)
  };
  return Object.entries(kernels).map(([kernelName, make]) => ({
    kernelName,
    backendName: "wasm",
    kernelFunc: make(fallback(kernelName))
  }));
}
