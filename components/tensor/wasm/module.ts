// Our own WebAssembly module beside tfjs's. It imports the memory that tfjs's module exports, so that tensors are read
// and written in place. It keeps no data of its own: scratch space comes from tfjs's allocator.

import type {TensorInfo} from "@tensorflow/tfjs-core";

type Numbers = (...args: number[]) => void;

/** The exports of assembly/index.ts; pointers are byte offsets. */
export interface Kernels
  extends Readonly<
    Record<
      | "gemm"
      | "gumbel"
      | "convForward"
      | "convInputGradient"
      | "convFilterGradient"
      | "attentionHead"
      | "attentionHeadGradient"
      | "selfAttention"
      | "selfAttentionGradient"
      | "columnSums"
      | "rowSums"
      | "softmaxRows"
      | "softmaxRowsGradient"
      | "crossEntropyRows"
      | "crossEntropyRowsGradient"
      | "layerNorm"
      | "layerNormGradient"
      | "gelu"
      | "geluGradient"
      | "reluGradient"
      | "exponential"
      | "logarithm"
      | "logistic"
      | "adamW"
      | "binary"
      | "copyBlocks"
      | "gatherRows"
      | "segmentSums"
      | "maxPool2"
      | "maxPool2Gradient"
      | "sumPool2"
      | "upsample2"
      | "roundToFormat"
      | "finiteOrZero"
      | "nonFinite",
      Numbers
    >
  > {
  sumOfSquares(x: number, n: number): number;
}

/** The parts of tfjs's BackendWasm that we use. */
export interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    /** Emscripten's exports. The build without threads exports its memory here; the one with threads does not. */
    readonly asm?: {readonly memory?: WebAssembly.Memory};
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  };
  readonly dataIdMap: {get(dataId: object): {memoryOffset: number}};
  incRef(dataId: object): void;
  refCount(dataId: object): number;
  makeOutput(shape: number[], dtype: "float32" | "int32" | "bool"): TensorInfo;
  disposeData(dataId: object): boolean;
}

interface Instance {
  readonly kernels: Kernels;
  scratch: number;
  scratchBytes: number;
}

let compiled: WebAssembly.Module | undefined;
const instances = new WeakMap<WasmBackend, Instance>();

/** f(a, b, c) = f32x4.relaxed_madd(a, b, c), as a module: whether it is valid tells whether there is relaxed SIMD. */
const relaxedProbe = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
  ...[1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b], // types: (v128, v128, v128) → v128
  ...[3, 2, 1, 0], // functions
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 2, 0x0b] // code
);

/** Compiles the module, once: the one with fused multiply-adds where there are such. False where SIMD is missing. */
export async function compile(): Promise<boolean> {
  if (compiled) return true;
  const {kernelsBase64} = WebAssembly.validate(relaxedProbe)
    ? await import("./kernels.relaxed.generated.js")
    : await import("./kernels.generated.js");
  const bytes = Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return false;
  compiled = await WebAssembly.compile(bytes);
  return true;
}

/** Whether our module can share this backend's memory. */
export function sharesMemory(backend: WasmBackend): boolean {
  return backend.wasm.asm?.memory instanceof WebAssembly.Memory;
}

/** The kernels over this backend's memory; compile() must have resolved to true. */
export function kernelsOf(backend: WasmBackend): Kernels {
  return instanceOf(backend).kernels;
}

function instanceOf(backend: WasmBackend): Instance {
  let instance = instances.get(backend);
  if (!instance) {
    const memory = backend.wasm.asm?.memory;
    if (!compiled || !memory)
      throw new Error("kernelsOf: expected a compiled module and a WASM backend without threads");
    const exports = new WebAssembly.Instance(compiled, {env: {memory}}).exports;
    instance = {kernels: exports as unknown as Kernels, scratch: 0, scratchBytes: 0};
    instances.set(backend, instance);
  }
  return instance;
}

/** A block of at least this many float32 numbers, 16-byte aligned; valid until the next call. Grows, never shrinks. */
export function scratch(backend: WasmBackend, floats: number): number {
  const instance = instanceOf(backend);
  const bytes = floats * 4 + 64;
  if (bytes > instance.scratchBytes) {
    if (instance.scratch) backend.wasm._free(instance.scratch);
    instance.scratchBytes = Math.ceil(bytes * 1.25);
    instance.scratch = backend.wasm._malloc(instance.scratchBytes) >>> 0;
    if (!instance.scratch) {
      instance.scratchBytes = 0;
      throw new Error(`scratch: expected ${bytes} bytes of WebAssembly memory, got none`);
    }
  }
  return Math.ceil(instance.scratch / 16) * 16;
}

/** Where a tensor's data lies. */
export function offset(backend: WasmBackend, x: TensorInfo): number {
  return backend.dataIdMap.get(x.dataId).memoryOffset;
}
