// Conv2D and its two gradients, NHWC. What our kernels do not cover (dilation; the input gradient at a stride) goes to
// the kernel that was registered before.

import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo
} from "@tensorflow/tfjs-core";
import {kernelsOf, offset, scratch, type WasmBackend} from "./module.js";

type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Shape4 = [number, number, number, number];
type Info = backend_util.Conv2DInfo;

interface Attributes {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number;
  readonly pad: Pad;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat: "NHWC" | "NCHW";
}

function infoOf(name: string, xShape: readonly number[], filterShape: readonly number[], attrs: Attributes): Info {
  if (attrs.dataFormat === "NCHW") throw new Error(`${name}: expected dataFormat NHWC, got NCHW`);
  return backend_util.computeConv2DInfo(
    xShape as Shape4,
    filterShape as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode
  );
}

/** Height and width of x in its frame of zeros: no less than the padding, and all that the last window reads. */
function frameOf(info: Info): [number, number] {
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  return [Math.max(height, info.padInfo.top + info.inHeight), Math.max(width, info.padInfo.left + info.inWidth)];
}

const undilated = (info: Info) => info.dilationHeight === 1 && info.dilationWidth === 1;
const panelFloats = (k: number, n: number) => Math.ceil(n / 8) * 8 * k;

/** y [n, oh, ow, oc] = x [n, h, w, c] ∗ filter [kh, kw, c, oc]. */
function conv2d(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x, filter} = args.inputs as {x: TensorInfo; filter: TensorInfo};
    const backend = args.backend as WasmBackend;
    const info = infoOf("conv2d", x.shape, filter.shape, args.attrs as unknown as Attributes);
    if (!undilated(info)) return fallback(args);
    const {batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth} = info;
    const {outHeight, outWidth, outChannels, strideHeight, strideWidth, padInfo} = info;
    const out = backend.makeOutput(info.outShape, "float32");
    const [hp, wp] = frameOf(info);
    const weights = panelFloats(filterHeight * filterWidth * inChannels, outChannels);
    kernelsOf(backend).convForward(
      ...[offset(backend, x), offset(backend, filter), offset(backend, out)],
      ...[batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, outHeight, outWidth, outChannels],
      ...[strideHeight, strideWidth, padInfo.top, padInfo.left, hp, wp, 0],
      scratch(backend, weights + hp * wp * inChannels)
    );
    return out;
  };
}

/** dx [n, h, w, c] from dy [n, oh, ow, oc]. */
function conv2dBackpropInput(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {dy, filter} = args.inputs as {dy: TensorInfo; filter: TensorInfo};
    const backend = args.backend as WasmBackend;
    const attrs = args.attrs as unknown as Attributes & {inputShape: number[]};
    const info = infoOf("conv2dBackpropInput", attrs.inputShape, filter.shape, {...attrs, dilations: 1});
    const {batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth} = info;
    const {outHeight, outWidth, outChannels, strideHeight, strideWidth, padInfo} = info;
    const top = filterHeight - 1 - padInfo.top;
    const left = filterWidth - 1 - padInfo.left;
    if (strideHeight > 1 || strideWidth > 1 || top < 0 || left < 0) return fallback(args);
    const out = backend.makeOutput(info.inShape, "float32");
    const hp = Math.max(inHeight + filterHeight - 1, top + outHeight);
    const wp = Math.max(inWidth + filterWidth - 1, left + outWidth);
    const weights = panelFloats(filterHeight * filterWidth * outChannels, inChannels);
    kernelsOf(backend).convInputGradient(
      ...[offset(backend, dy), offset(backend, filter), offset(backend, out)],
      ...[batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, outHeight, outWidth, outChannels],
      ...[top, left, hp, wp],
      scratch(backend, weights + hp * wp * outChannels)
    );
    return out;
  };
}

/** dfilter [kh, kw, c, oc] from x and dy. */
function conv2dBackpropFilter(fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x, dy} = args.inputs as {x: TensorInfo; dy: TensorInfo};
    const backend = args.backend as WasmBackend;
    const attrs = args.attrs as unknown as Attributes & {filterShape: number[]};
    const info = infoOf("conv2dBackpropFilter", x.shape, attrs.filterShape, attrs);
    const {batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth} = info;
    const {outHeight, outWidth, outChannels, strideHeight, strideWidth, padInfo} = info;
    if (!undilated(info)) return fallback(args);
    const out = backend.makeOutput(info.filterShape, "float32");
    const [hp, wp] = frameOf(info);
    kernelsOf(backend).convFilterGradient(
      ...[offset(backend, x), offset(backend, dy), offset(backend, out)],
      ...[batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, outHeight, outWidth, outChannels],
      ...[strideHeight, strideWidth, padInfo.top, padInfo.left, hp, wp],
      scratch(backend, hp * wp * inChannels)
    );
    return out;
  };
}

/** fallback(name) is the kernel registered before. */
export function convolutionConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  return [
    {kernelName: Conv2D, backendName: "wasm", kernelFunc: conv2d(fallback(Conv2D))},
    {
      kernelName: Conv2DBackpropInput,
      backendName: "wasm",
      kernelFunc: conv2dBackpropInput(fallback(Conv2DBackpropInput))
    },
    {
      kernelName: Conv2DBackpropFilter,
      backendName: "wasm",
      kernelFunc: conv2dBackpropFilter(fallback(Conv2DBackpropFilter))
    }
  ];
}
