import {engine, type Tensor} from "@tensorflow/tfjs-core";

/** The device is gone: nothing on this backend can be read any more. A fresh worker works again. */
export class BackendLostError extends Error {
  override name = "BackendLostError";
}

// How long a read may take before the device counts as lost, in ms. A loss is told by an event at once; this is for
// when none comes. It is long because the first step compiles hundreds of shaders: on a software renderer and a busy
// machine that took more than half a minute.
let patience = 120_000;

/** Sets how long a read may take before the device counts as lost, in ms. */
export function setReadTimeout(ms: number): void {
  patience = ms;
}

let lost: BackendLostError | null = null;
const pending = new Set<(error: BackendLostError) => void>();

/** Rejects every pending and later read. For backendLoss.ts. */
export function failReads(error: BackendLostError): void {
  lost = error;
  for (const fail of [...pending]) fail(error);
}

/** Takes failReads back, for a backend that has just started. */
export function allowReads(): void {
  lost = null;
}

/**
 * The tensor's values, in row-major order: Float32Array, Int32Array, or Uint8Array for bool.
 * Rejects with BackendLostError when the device is lost or does not answer for timeout ms: after a lost context tfjs's
 * own data() would wait for ever.
 */
export function read(tensor: Tensor, timeout = patience): Promise<Float32Array | Int32Array | Uint8Array> {
  if (lost) return Promise.reject(lost);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      pending.delete(fail);
      clearTimeout(timer);
      reject(error);
    };
    const timer = setTimeout(
      () => fail(new BackendLostError(`read: expected an answer from the device within ${timeout} ms, got none`)),
      timeout
    );
    pending.add(fail);
    (tensor.data() as Promise<Float32Array | Int32Array | Uint8Array>).then((values) => {
      pending.delete(fail);
      clearTimeout(timer);
      resolve(values);
    }, fail);
  });
}

/** The parts of tfjs's WASM backend that readInto uses. */
interface Heap {
  readonly wasm: {readonly HEAPU8: Uint8Array};
  readonly dataIdMap: {get(id: object): {memoryOffset: number}};
}

/**
 * A float32 tensor's values into an array of the caller's, from place 0. On WASM nothing is allocated for it: arrays of
 * megabytes that live for a step keep the garbage collector at work, on every core.
 */
export async function readInto(tensor: Tensor, target: Float32Array): Promise<void> {
  if (tensor.dtype !== "float32" || target.length < tensor.size) {
    throw new Error(`readInto: expected float32, at most ${target.length}, got ${tensor.dtype} [${tensor.shape}]`);
  }
  const {wasm, dataIdMap} = engine().backend as unknown as Partial<Heap>;
  if (wasm && dataIdMap) {
    target.set(new Float32Array(wasm.HEAPU8.buffer, dataIdMap.get(tensor.dataId).memoryOffset, tensor.size));
  } else target.set((await read(tensor)) as Float32Array);
}

/** The value of a scalar tensor. */
export async function readScalar(tensor: Tensor, timeout = patience): Promise<number> {
  if (tensor.size !== 1) throw new Error(`readScalar: expected one value, got [${tensor.shape}]`);
  return (await read(tensor, timeout))[0]!;
}
