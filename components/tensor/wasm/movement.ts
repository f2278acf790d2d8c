// Kernels that only move numbers. tfjs's Slice copies its whole input out of the heap first, and its Identity copies
// where a second reference would do.

import {
  backend_util,
  Identity,
  type KernelConfig,
  type KernelFunc,
  Slice,
  SplitV,
  slice_util,
  type TensorInfo,
  util
} from "@tensorflow/tfjs-core";
import {offset, type WasmBackend} from "./module.js";

/** A second reference to the same data, as Reshape gives. */
function identity(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    if (x.dtype === "string") return fallback(args);
    (args.backend as WasmBackend).incRef(x.dataId);
    return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
  };
}

function slice(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    const {begin, size} = args.attrs as {begin: number | number[]; size: number | number[]};
    const [from, lengths] = slice_util.parseSliceParams(x as never, begin, size) as [number[], number[]];
    if (!movable(x)) return fallback(args);
    return block(args.backend as WasmBackend, x, from, lengths);
  };
}

function splitV(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    if (!movable(x)) return fallback(args);
    const {numOrSizeSplits, axis} = args.attrs as {numOrSizeSplits: number | number[]; axis: number};
    const along = util.parseAxisParam(axis, x.shape)[0]!;
    const sizes = backend_util.prepareSplitSize(x as never, numOrSizeSplits, along);
    let start = 0;
    return sizes.map((size) => {
      const from = x.shape.map((_, i) => (i === along ? start : 0));
      start += size;
      return block(
        args.backend as WasmBackend,
        x,
        from,
        x.shape.map((n, i) => (i === along ? size : n))
      );
    });
  };
}

const movable = (x: TensorInfo) => x.dtype === "float32" || x.dtype === "int32";

/** The part of x that starts at from and has these lengths. */
function block(backend: WasmBackend, x: TensorInfo, from: readonly number[], lengths: readonly number[]): TensorInfo {
  const out = backend.makeOutput([...lengths], x.dtype as "float32" | "int32");
  if (util.sizeFromShape([...lengths]) === 0) return out;
  const heap = backend.wasm.HEAPU8;
  // Trailing axes taken whole belong to one run of bytes, with the axis before them.
  let axis = x.shape.length - 1;
  let run = 4;
  while (axis >= 0 && lengths[axis] === x.shape[axis]) run *= x.shape[axis--]!;
  const strides: number[] = [];
  let stride = 4;
  for (let i = x.shape.length - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= x.shape[i]!;
  }
  if (axis >= 0) run *= lengths[axis]!;
  let to = offset(backend, out);
  const copy = (level: number, at: number): void => {
    if (level >= axis) {
      const start = level === axis ? at + from[level]! * strides[level]! : at;
      heap.copyWithin(to, start, start + run);
      to += run;
      return;
    }
    for (let i = 0; i < lengths[level]!; ++i) copy(level + 1, at + (from[level]! + i) * strides[level]!);
  };
  copy(0, offset(backend, x));
  return out;
}

/** fallback(name) is the kernel registered before. */
export function movementConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  return [
    {kernelName: Identity, backendName: "wasm", kernelFunc: identity(fallback(Identity))},
    {kernelName: Slice, backendName: "wasm", kernelFunc: slice(fallback(Slice))},
    {kernelName: SplitV, backendName: "wasm", kernelFunc: splitV(fallback(SplitV))}
  ];
}
