import type {Tensor} from "@tensorflow/tfjs-core";

/** The device is gone: nothing on this backend can be read any more. A fresh worker works again. */
export class BackendLostError extends Error {
  override name = "BackendLostError";
}

/** How long a read may take before the device counts as lost, in ms. Slow software renderers need many seconds. */
export const READ_TIMEOUT = 30_000;

let lost: Promise<never> | null = null;

/** Makes every read from now on reject when the given promise does. For backendLoss.ts. */
export function failReadsWith(promise: Promise<never>): void {
  lost = promise;
  promise.catch(() => {});
}

/**
 * The tensor's values, in row-major order: Float32Array, Int32Array, or Uint8Array for bool.
 * Rejects with BackendLostError when the device is lost or does not answer for timeout ms: after a lost context tfjs's
 * own data() would wait for ever.
 */
export function read(tensor: Tensor, timeout = READ_TIMEOUT): Promise<Float32Array | Int32Array | Uint8Array> {
  return withWatchdog(tensor.data() as Promise<Float32Array | Int32Array | Uint8Array>, timeout);
}

/** The value of a scalar tensor. */
export async function readScalar(tensor: Tensor, timeout = READ_TIMEOUT): Promise<number> {
  if (tensor.size !== 1) throw new Error(`readScalar: expected one value, got [${tensor.shape}]`);
  return (await read(tensor, timeout))[0]!;
}

function withWatchdog<T>(reading: Promise<T>, timeout: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BackendLostError(`read: expected an answer from the device within ${timeout} ms, got none`)),
      timeout
    );
  });
  return Promise.race(lost ? [reading, silence, lost] : [reading, silence]).finally(() => clearTimeout(timer));
}
