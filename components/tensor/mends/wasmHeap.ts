// Direct views of tensors in the WASM heap, for kernels written as loops in TypeScript.

import type {BackendWasm} from "@tensorflow/tfjs-backend-wasm";
import type {TensorInfo} from "@tensorflow/tfjs-core";

/** Makes an output; make all outputs before taking views, since an allocation may move the heap. */
export function makeOutput(backend: object, shape: readonly number[], dtype: "float32" | "int32"): TensorInfo {
  return (backend as BackendWasm).makeOutput([...shape], dtype);
}

export function floats(backend: object, tensor: TensorInfo): Float32Array {
  return (backend as BackendWasm).typedArrayFromHeap(tensor) as Float32Array;
}

export function integers(backend: object, tensor: TensorInfo): Int32Array {
  return (backend as BackendWasm).typedArrayFromHeap(tensor) as Int32Array;
}
