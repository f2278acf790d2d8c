import {setFlagsFromString} from "node:v8";
import {describe, expect, it} from "vitest";
import {kernelsBase64} from "../../../components/tensor/wasm/kernels.generated.js";
import {kernelsBase64 as relaxedKernelsBase64} from "../../../components/tensor/wasm/kernels.relaxed.generated.js";
import {matMul, normals, relativeError} from "./reference.js";

// Node 20 has relaxed SIMD behind a flag, later ones without; unknown flags are ignored.
setFlagsFromString("--experimental-wasm-relaxed-simd");

type Gemm = (...args: number[]) => void;

/** The product by the module's gemm, in a memory of its own. */
function product(base64: string, a: Float32Array, b: Float32Array, [m, k, n]: [number, number, number]): Float32Array {
  const memory = new WebAssembly.Memory({initial: 16});
  const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
  const {gemm} = new WebAssembly.Instance(module, {env: {memory}}).exports as unknown as {gemm: Gemm};
  const heap = new Float32Array(memory.buffer);
  heap.set(a, 0);
  heap.set(b, 4096);
  gemm(0, 4096 * 4, 8192 * 4, m, n, k, 0, 0, 0, 16384 * 4);
  return heap.slice(8192, 8192 + m * n);
}

describe("the two builds", () => {
  const size: [number, number, number] = [13, 37, 19];
  const a = normals("a", 13 * 37);
  const b = normals("b", 37 * 19);

  it("both are valid here, and neither holds data of its own", () => {
    for (const base64 of [kernelsBase64, relaxedKernelsBase64]) {
      const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
      expect(WebAssembly.Module.imports(module)).toEqual([{module: "env", name: "memory", kind: "memory"}]);
      expect(WebAssembly.Module.exports(module).every(({kind}) => kind === "function")).toBe(true);
    }
  });

  it("differ by rounding only", () => {
    const plain = product(kernelsBase64, a, b, size);
    const fused = product(relaxedKernelsBase64, a, b, size);
    const expected = matMul(a, b, size, false, false);
    expect(relativeError(plain, expected)).toBeLessThan(2e-6);
    expect(relativeError(fused, expected)).toBeLessThan(2e-6);
    expect(relaxedKernelsBase64).not.toBe(kernelsBase64);
  });
});
