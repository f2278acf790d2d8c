// Rounding to a narrower format, four numbers at a time.

import {type KernelConfig, type KernelFunc, type TensorInfo, util} from "@tensorflow/tfjs-core";
import type {RoundingAttributes} from "../rounding/index.js";
import {kernelsOf, offset, type WasmBackend} from "./module.js";

const round: KernelFunc = (args) => {
  const x = args.inputs.x as TensorInfo;
  const {dropped, lowest, largest, subnormals} = args.attrs as unknown as RoundingAttributes;
  const backend = args.backend as WasmBackend;
  const out = backend.makeOutput(x.shape, "float32");
  const [from, n, to] = [offset(backend, x), util.sizeFromShape(x.shape), offset(backend, out)];
  kernelsOf(backend).roundToFormat(from, n, to, dropped, lowest, largest, Number(subnormals));
  return out;
};

const filter =
  (name: "finiteOrZero" | "nonFinite"): KernelFunc =>
  (args) => {
    const x = args.inputs.x as TensorInfo;
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(x.shape, "float32");
    kernelsOf(backend)[name](offset(backend, x), util.sizeFromShape(x.shape), offset(backend, out));
    return out;
  };

export function roundingConfigs(): KernelConfig[] {
  const kernels = {RoundToFormat: round, FiniteOrZero: filter("finiteOrZero"), NonFinite: filter("nonFinite")};
  return Object.entries(kernels).map(([kernelName, kernelFunc]) => ({kernelName, backendName: "wasm", kernelFunc}));
}
