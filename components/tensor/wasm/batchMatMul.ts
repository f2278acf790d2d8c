import {BatchMatMul, broadcast_util, type KernelConfig, type TensorInfo, util} from "@tensorflow/tfjs-core";
import {kernelsOf, offset, scratch, type WasmBackend} from "./module.js";

interface MatMulArgs {
  readonly inputs: {readonly a: TensorInfo; readonly b: TensorInfo};
  readonly backend: WasmBackend;
  readonly attrs: {readonly transposeA: boolean; readonly transposeB: boolean};
}

/** op(a)·op(b) over the last two axes; the others broadcast. */
function batchMatMul({inputs: {a, b}, backend, attrs: {transposeA, transposeB}}: MatMulArgs): TensorInfo {
  if (a.dtype !== "float32" || b.dtype !== "float32") {
    throw new Error(`batchMatMul: expected float32, got ${a.dtype} and ${b.dtype}`);
  }
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [k2, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (k !== k2) {
    throw new Error(
      `batchMatMul: expected equal inner sizes, got [${a.shape}] and [${b.shape}] ` +
        `with transposeA=${transposeA}, transposeB=${transposeB}`
    );
  }
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batchShape = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = backend.makeOutput([...batchShape, m, n], "float32");
  const kernels = kernelsOf(backend);
  const room = scratch(backend, Math.ceil(n / 8) * 8 * k);
  const pa = offset(backend, a);
  const pb = offset(backend, b);
  const po = offset(backend, out);
  const run = (i: number, j: number, o: number, rows: number) =>
    kernels.gemm(
      pa + i * aRows * aColumns * 4,
      pb + j * bRows * bColumns * 4,
      po + o * m * n * 4,
      rows,
      n,
      k,
      Number(transposeA),
      Number(transposeB),
      0,
      room
    );
  const batches = util.sizeFromShape(batchShape);
  if (util.sizeFromShape(bBatch) === 1 && !transposeA)
    run(0, 0, 0, batches * m); // one matrix: its rows follow on
  else {
    const aIndex = batchIndex(aBatch, batchShape);
    const bIndex = batchIndex(bBatch, batchShape);
    for (let o = 0; o < batches; ++o) run(aIndex(o), bIndex(o), o, m);
  }
  return out;
}

/** From an index into the broadcast batch to the one into a batch of this shape. */
function batchIndex(shape: number[], broadcast: number[]): (index: number) => number {
  if (util.sizeFromShape(shape) === util.sizeFromShape(broadcast)) return (index) => index;
  const sizes = [...Array(broadcast.length - shape.length).fill(1), ...shape] as number[];
  return (index) => {
    let result = 0;
    let stride = 1;
    for (let axis = sizes.length - 1; axis >= 0; --axis) {
      const place = index % broadcast[axis]!;
      index = Math.floor(index / broadcast[axis]!);
      if (sizes[axis]! > 1) result += place * stride;
      stride *= sizes[axis]!;
    }
    return result;
  };
}

export const batchMatMulConfig: KernelConfig = {
  kernelName: BatchMatMul,
  backendName: "wasm",
  kernelFunc: batchMatMul as unknown as KernelConfig["kernelFunc"]
};
