// Pooling by 2×2 at stride 2, and nearest-neighbour enlargement by 2; the rest goes to the kernels registered before.

import {backend_util, type KernelConfig, type KernelFunc, type TensorInfo} from "@tensorflow/tfjs-core";
import {kernelsOf, offset, type WasmBackend} from "./module.js";

type Shape4 = [number, number, number, number];
interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: "same" | "valid" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** [rows of the small image, its width, channels] if that is what these attributes say of x, else null. */
function halving(x: TensorInfo, attrs: unknown): [number, number, number] | null {
  if (x.dtype !== "float32" || x.shape.length !== 4) return null;
  const {filterSize, strides, pad, dimRoundingMode} = attrs as PoolAttributes;
  const info = backend_util.computePool2DInfo(x.shape as Shape4, filterSize, strides, 1, pad, dimRoundingMode);
  const {batchSize, outHeight, outWidth, inHeight, inWidth, inChannels} = info;
  const two = [info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth].every((n) => n === 2);
  return two && inHeight === 2 * outHeight && inWidth === 2 * outWidth
    ? [batchSize * outHeight, outWidth, inChannels]
    : null;
}

const halved = ([n, h, w, c]: number[]): Shape4 => [n!, h! / 2, w! / 2, c!];

function maxPool(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    const size = halving(x, args.attrs);
    if (!size) return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(halved(x.shape), "float32");
    kernelsOf(backend).maxPool2(offset(backend, x), ...size, offset(backend, out));
    return out;
  };
}

/** The whole gradient goes to the first maximum of the window, row by row. */
function maxPoolGrad(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {dy, input} = args.inputs as {dy: TensorInfo; input: TensorInfo};
    const size = halving(input, args.attrs);
    if (!size) return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(input.shape, "float32");
    kernelsOf(backend).maxPool2Gradient(offset(backend, input), offset(backend, dy), ...size, offset(backend, out));
    return out;
  };
}

function avgPool(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    const size = halving(x, args.attrs);
    if (!size) return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(halved(x.shape), "float32");
    kernelsOf(backend).sumPool2(offset(backend, x), ...size, 0.25, offset(backend, out));
    return out;
  };
}

function resizeNearestNeighbor(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {images} = args.inputs as {images: TensorInfo};
    const {size, alignCorners} = args.attrs as {size: [number, number]; alignCorners: boolean};
    const [n, h, w, c] = images.shape as Shape4;
    if (images.dtype !== "float32" || alignCorners || size[0] !== 2 * h || size[1] !== 2 * w) return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput([n, 2 * h, 2 * w, c], "float32");
    kernelsOf(backend).upsample2(offset(backend, images), n * h, w, c, offset(backend, out));
    return out;
  };
}

/** fallback(name) is the kernel registered before. */
export function poolingConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  const kernels = {
    MaxPool: maxPool,
    MaxPoolGrad: maxPoolGrad,
    AvgPool: avgPool,
    ResizeNearestNeighbor: resizeNearestNeighbor
  };
  return Object.entries(kernels).map(([kernelName, make]) => ({
    kernelName,
    backendName: "wasm",
    kernelFunc: make(fallback(kernelName))
  }));
}
