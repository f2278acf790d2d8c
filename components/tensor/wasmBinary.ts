// Hands tfjs's WASM binary over as bytes. tfjs itself only knows how to fetch a path; in the worker the binary lies in
// the bundle, so that no path is needed and the site works below any address. Node finds the file by itself.

import {setThreadsCount, setWasmPaths} from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

const NAME = "bundled:tfjs-backend-wasm-simd.wasm";

/** Gives the SIMD build of tfjs-backend-wasm. Call before the backend starts. */
export function setWasmBinary(bytes: Uint8Array): void {
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

/** One thread: more need cross-origin isolation, which a static host does not give, and gain next to nothing here. */
export function useOneThread(): void {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
}
