// Loads tfjs's WASM backend with one thread, and its binary from bytes if there are any. tfjs itself only knows how to
// fetch a path; in the worker the binary lies in the bundle, so that no path is needed and the site works below any
// address. Node finds the file by itself.

import * as tf from "@tensorflow/tfjs-core";

const NAME = "bundled:tfjs-backend-wasm-simd.wasm";

type Binary = Uint8Array | (() => Promise<Uint8Array>);
let binary: Binary | null = null;

/** Gives the SIMD build of tfjs-backend-wasm, or a way to load it when it is needed. Call before the backend starts. */
export function setWasmBinary(bytes: Binary): void {
  binary = bytes;
}

let loaded: Promise<void> | null = null;

/**
 * The package registers its backend as it is loaded. Throws where WebAssembly may not run: then tfjs would wait for
 * ever. For backend.ts.
 */
export function loadWasmBackend(): Promise<void> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<void> {
  if (typeof WebAssembly === "undefined") throw new Error("this browser has no WebAssembly");
  await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)); // throws where a policy forbids it
  const {setThreadsCount, setWasmPaths} = await import("@tensorflow/tfjs-backend-wasm");
  // More threads need cross-origin isolation, which a static host does not give, and gain next to nothing here.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  if (!binary) return;
  const bytes = typeof binary === "function" ? await binary() : binary;
  if (!WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)) {
    throw new Error("this browser's WebAssembly has no SIMD");
  }
  setWasmPaths(
    {
      "tfjs-backend-wasm.wasm": NAME,
      "tfjs-backend-wasm-simd.wasm": NAME,
      "tfjs-backend-wasm-threaded-simd.wasm": NAME
    },
    true
  );
  const platform = tf.env().platform;
  const fetch = platform.fetch.bind(platform);
  platform.fetch = async (path, options) =>
    path === NAME ? new Response(bytes as Uint8Array<ArrayBuffer>) : fetch(path, options);
}
