// exp, ln and the logistic function, four lanes at a time: tfjs's call the C library for each number.

import {Exp, type KernelConfig, type KernelFunc, Log, Sigmoid, type TensorInfo, util} from "@tensorflow/tfjs-core";
import {type Kernels, kernelsOf, offset, type WasmBackend} from "./module.js";

function unary(name: "exponential" | "logarithm" | "logistic", fallback: KernelFunc): KernelFunc {
  return (args) => {
    const {x} = args.inputs as {x: TensorInfo};
    if (x.dtype !== "float32") return fallback(args);
    const backend = args.backend as WasmBackend;
    const out = backend.makeOutput(x.shape, "float32");
    const kernels: Kernels = kernelsOf(backend);
    kernels[name](offset(backend, x), util.sizeFromShape(x.shape), offset(backend, out));
    return out;
  };
}

/** fallback(name) is the kernel registered before. */
export function elementwiseConfigs(fallback: (kernelName: string) => KernelFunc): KernelConfig[] {
  return [
    {kernelName: Exp, backendName: "wasm", kernelFunc: unary("exponential", fallback(Exp))},
    {kernelName: Log, backendName: "wasm", kernelFunc: unary("logarithm", fallback(Log))},
    {kernelName: Sigmoid, backendName: "wasm", kernelFunc: unary("logistic", fallback(Sigmoid))}
  ];
}
