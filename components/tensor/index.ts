// The only door to tfjs.

export * from "./adamW.js";
export * from "./attention.js";
export * from "./attentionMask.js";
export * from "./backend.js";
export {onBackendLost} from "./backendLoss.js";
export * from "./backendReport.js";
export * from "./convolution.js";
export * from "./core.js";
export * from "./embedding.js";
export * from "./fast.js";
export * from "./flatten.js";
export * from "./matMul.js";
export * from "./normalise.js";
export * from "./paramsOf.js";
export * from "./random.js";
export * from "./read.js";
export {finiteOrZero, nonFinite, type RoundingFormat, roundedTo} from "./rounding/index.js";
export * from "./schedules.js";
export {selfTest} from "./selfTest.js";
export * from "./stopGradient.js";
export * from "./valueAndGrads.js";
export {setWasmBinary} from "./wasmBinary.js";
