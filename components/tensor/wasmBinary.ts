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

/** The package registers its backend as it is loaded. For backend.ts. */
export async function loadWasmBackend(): Promise<void> {
  const {setThreadsCount, setWasmPaths} = await import("@tensorflow/tfjs-backend-wasm");
  // More threads need cross-origin isolation, which a static host does not give, and gain next to nothing here.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  if (!binary) return;
  setWasmPaths(
    {
      "tfjs-backend-wasm.wasm": NAME,
      "tfjs-backend-wasm-simd.wasm": NAME,
      "tfjs-backend-wasm-threaded-simd.wasm": NAME
    },
    true
  );
  const bytes = typeof binary === "function" ? await binary() : binary;
  const platform = tf.env().platform;
  const fetch = platform.fetch.bind(platform);
  platform.fetch = async (path, options) =>
    path === NAME ? new Response(bytes as Uint8Array<ArrayBuffer>) : fetch(path, options);
}
