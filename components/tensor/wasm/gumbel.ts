import {engine} from "@tensorflow/tfjs-core";
import type {GumbelFiller} from "../../../data/random.js";
import {kernelsOf, scratch, sharesMemory, type WasmBackend} from "./module.js";

/** data/random.ts's Gumbel numbers in WebAssembly: the same bits, about six times faster. */
export const fillGumbel: GumbelFiller = (key0, key1, counter, out) => {
  const backend = engine().findBackend("wasm") as unknown as WasmBackend | null;
  if (!backend?.wasm || !sharesMemory(backend)) return false;
  const room = scratch(backend, out.length);
  kernelsOf(backend).gumbel(key0, key1, counter, out.length, room);
  out.set(new Float32Array(backend.wasm.HEAPU8.buffer, room, out.length));
  return true;
};
