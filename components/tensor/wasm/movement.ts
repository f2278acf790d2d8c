// Kernels that only move numbers. tfjs's Slice copies its whole input out of the heap first, its Identity copies where a
// second reference would do, and its GatherV2 takes a microsecond for every ten numbers.

import {
  backend_util,
  type KernelConfig,
  type KernelFunc,
  slice_util,
  type TensorInfo,
  util
} from "@tensorflow/tfjs-core";
import {kernelsOf, offset, type WasmBackend} from "./module.js";

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
  const strides = stridesOf(x.shape);
  const start = from.reduce((sum, place, axis) => sum + place * strides[axis]!, offset(backend, x));
  copy(backend, start, strides, offset(backend, out), stridesOf(lengths), lengths);
  return out;
}

/** Bytes between neighbours along each axis. */
function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 4;
  for (let i = shape.length - 1; i >= 0; --i) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** Copies lengths[0] × lengths[1] × … numbers between places with these strides; the last axis is dense in both. */
function copy(
  backend: WasmBackend,
  from: number,
  s: readonly number[],
  to: number,
  t: readonly number[],
  lengths: readonly number[]
): void {
  if (lengths.includes(0)) return;
  // Axes that lie alike in source and target are merged: [length, source stride, target stride], the last one first.
  let run = 4;
  const axes: [number, number, number][] = [];
  for (let i = lengths.length - 1; i >= 0; --i) {
    const length = lengths[i]!;
    const last = axes.at(-1);
    if (length === 1) continue;
    if (!last && s[i] === run && t[i] === run) run *= length;
    else if (last && s[i] === last[0] * last[1] && t[i] === last[0] * last[2]) last[0] *= length;
    else axes.push([length, s[i]!, t[i]!]);
  }
  const {copyBlocks} = kernelsOf(backend);
  const none = [1, 0, 0];
  const [inner = none, middle = none, outer = none, ...rest] = axes;
  const walk = (level: number, p: number, q: number): void => {
    const axis = rest[level];
    if (!axis) copyBlocks(p, q, ...outer, ...middle, ...inner, run);
    else for (let i = 0; i < axis[0]; ++i) walk(level + 1, p + i * axis[1], q + i * axis[2]);
  };
  walk(0, from, to);
}

function concat(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const inputs = args.inputs as unknown as TensorInfo[];
    const {axis} = args.attrs as {axis: number};
    const first = inputs[0]!;
    if (!inputs.every((x) => movable(x) && x.dtype === first.dtype)) return fallback(args);
    const backend = args.backend as WasmBackend;
    const along = util.parseAxisParam(axis, first.shape)[0]!;
    const shape = backend_util.computeOutShape(
      inputs.map((x) => x.shape),
      along
    );
    const out = backend.makeOutput(shape, first.dtype as "float32" | "int32");
    const strides = stridesOf(shape);
    let to = offset(backend, out);
    for (const x of inputs) {
      copy(backend, offset(backend, x), stridesOf(x.shape), to, strides, x.shape);
      to += x.shape[along]! * strides[along]!;
    }
    return out;
  };
}

/** Where the last axis stays in its place. */
function transpose(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    const {perm} = args.attrs as {perm: number[]};
    const rank = x.shape.length;
    if (!movable(x) || rank === 0 || perm[rank - 1] !== rank - 1) return fallback(args);
    const backend = args.backend as WasmBackend;
    const shape = perm.map((axis) => x.shape[axis]!);
    const out = backend.makeOutput(shape, x.dtype as "float32" | "int32");
    const strides = stridesOf(x.shape);
    copy(
      backend,
      offset(backend, x),
      perm.map((axis) => strides[axis]!),
      offset(backend, out),
      stridesOf(shape),
      shape
    );
    return out;
  };
}

/** With zeros. */
function padV2(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    const {paddings, constantValue} = args.attrs as {paddings: [number, number][]; constantValue: number};
    if (!movable(x) || (constantValue ?? 0) !== 0) return fallback(args);
    const backend = args.backend as WasmBackend;
    const shape = x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]);
    const out = backend.makeOutput(shape, x.dtype as "float32" | "int32");
    const to = offset(backend, out);
    backend.wasm.HEAPU8.fill(0, to, to + util.sizeFromShape(shape) * 4);
    const strides = stridesOf(shape);
    const start = paddings.reduce((sum, [before], axis) => sum + before * strides[axis]!, to);
    copy(backend, offset(backend, x), stridesOf(x.shape), start, strides, x.shape);
    return out;
  };
}

/** Rows of a table. */
function gatherV2(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x, indices} = args.inputs as {x: TensorInfo; indices: TensorInfo};
    const {axis, batchDims} = args.attrs as {axis: number; batchDims: number};
    const outer = x.shape.slice(0, axis).every((n) => n === 1);
    if (!movable(x) || indices.dtype !== "int32" || batchDims !== 0 || !outer) return fallback(args);
    const backend = args.backend as WasmBackend;
    const rows = x.shape[axis]!;
    const inner = x.shape.slice(axis + 1);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...inner];
    const out = backend.makeOutput(shape, x.dtype as "float32" | "int32");
    const count = util.sizeFromShape(indices.shape);
    const ids = new Int32Array(backend.wasm.HEAPU8.buffer, offset(backend, indices), count);
    for (const id of ids) {
      if (id < 0 || id >= rows) throw new Error(`gatherV2: expected indices below ${rows}, got ${id}`);
    }
    const bytes = util.sizeFromShape(inner) * 4;
    kernelsOf(backend).gatherRows(offset(backend, x), offset(backend, indices), count, bytes, offset(backend, out));
    return out;
  };
}

/** Rows added up by their ids. */
const unsortedSegmentSum =
  (fallback: KernelFunc): KernelFunc =>
  (args) => {
    const {x, segmentIds} = args.inputs as {x: TensorInfo; segmentIds: TensorInfo};
    const {numSegments} = args.attrs as {numSegments: number};
    if (x.dtype !== "float32" || segmentIds.dtype !== "int32") return fallback(args);
    const backend = args.backend as WasmBackend;
    const inner = x.shape.slice(1);
    const out = backend.makeOutput([numSegments, ...inner], "float32");
    const sizes = [x.shape[0]!, util.sizeFromShape(inner), numSegments];
    kernelsOf(backend).segmentSums(offset(backend, x), offset(backend, segmentIds), ...sizes, offset(backend, out));
    return out;
  };

/** fallback(name) is the kernel registered before. */
export function movementConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  const kernels = {
    Identity: identity,
    Slice: slice,
    SplitV: splitV,
    Concat: concat,
    Transpose: transpose,
    PadV2: padV2,
    GatherV2: gatherV2,
    UnsortedSegmentSum: unsortedSegmentSum
  };
  return Object.entries(kernels).map(([kernelName, make]) => ({
    kernelName,
    backendName: "wasm",
    kernelFunc: make(fallback(kernelName))
  }));
}
