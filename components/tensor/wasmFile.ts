/** The WASM backend's binary, a chunk of its own in the worker's bundle. */
export async function loadWasmBinary(): Promise<Uint8Array> {
  return (await import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm")).default;
}
