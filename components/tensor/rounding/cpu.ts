// The reference, one number after the other: for the cpu backend, and for WASM without SIMD.

import type {KernelConfig, KernelFunc, TensorInfo, TypedArray} from "@tensorflow/tfjs-core";
import type {BackendName} from "../backendReport.js";
import type {RoundingAttributes} from "./index.js";

const infinity = 0x7f800000;

/** The bits of |x| in the format; both as float32's. */
function roundedBits(a: number, {dropped, lowest, subnormals}: RoundingAttributes, largestBits: number): number {
  if (a >= infinity) return a;
  const exponent = (a >>> 23) - 127;
  if (exponent >= lowest) {
    const r = (a + (1 << (dropped - 1)) - 1 + ((a >>> dropped) & 1)) & ~((1 << dropped) - 1);
    return r > largestBits ? infinity : r;
  }
  // k steps of the subnormal grid, 2^(lowest − kept bits) apart.
  const shift = dropped + lowest - exponent;
  if (!subnormals || shift > 24) return 0;
  const significand = (a & 0x7fffff) | 0x800000;
  const k = (significand + (2 ** (shift - 1) - 1) + ((significand >>> shift) & 1)) >>> shift;
  float[0] = k * 2 ** (lowest - 23 + dropped);
  return bits[0]!;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

interface HostBackend {
  readSync?(dataId: object): TypedArray;
  makeTensorInfo?(shape: number[], dtype: string, values: TypedArray): TensorInfo;
  makeOutput?(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap?(tensor: TensorInfo): TypedArray;
}

/** y = f(x) by bits: uint32 in, uint32 out. */
function overBits(of: (attributes: RoundingAttributes) => (u: number) => number): KernelFunc {
  return ({inputs, attrs, backend}) => {
    const x = inputs.x as TensorInfo;
    const host = backend as unknown as HostBackend;
    const f = of(attrs as unknown as RoundingAttributes);
    const values = host.typedArrayFromHeap?.(x) ?? host.readSync!(x.dataId);
    const from = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const to = from.map(f);
    const result = new Float32Array(to.buffer);
    if (host.makeTensorInfo) return host.makeTensorInfo(x.shape, "float32", result);
    const out = host.makeOutput!(x.shape, "float32");
    host.typedArrayFromHeap!(out).set(result);
    return out;
  };
}

const one = 0x3f800000;

export function cpuRounding(backendName: BackendName): KernelConfig[] {
  const kernels: Record<string, KernelFunc> = {
    RoundToFormat: overBits((attributes) => {
      float[0] = attributes.largest;
      const largest = bits[0]!;
      return (u) => (u & 0x80000000) | roundedBits(u & 0x7fffffff, attributes, largest);
    }),
    FiniteOrZero: overBits(() => (u) => ((u & 0x7fffffff) >= infinity ? 0 : u)),
    NonFinite: overBits(() => (u) => ((u & 0x7fffffff) >= infinity ? one : 0))
  };
  return Object.entries(kernels).map(([kernelName, kernelFunc]) => ({kernelName, backendName, kernelFunc}));
}
