// The module's exports. All functions work on tfjs's own memory: pointers are byte offsets into it, sizes are counts of
// float32 numbers unless named otherwise. Nothing here allocates or keeps data: scratch space is handed in.
export {attentionHead, attentionHeadGradient, selfAttention, selfAttentionGradient} from "./attention";
export {binary} from "./binary";
export {convFilterGradient, convForward, convInputGradient} from "./conv";
export {adamW, exponential, gelu, geluGradient, logarithm, logistic, reluGradient, sumOfSquares} from "./elementwise";
export {gemm} from "./gemm";
export {gumbel} from "./gumbel";
export {copyBlocks, gatherRows, segmentSums} from "./movement";
export {layerNorm, layerNormGradient} from "./normalise";
export {maxPool2, maxPool2Gradient, sumPool2, upsample2} from "./pool";
export {finiteOrZero, nonFinite, roundToFormat} from "./rounding";
export {
  columnSums,
  crossEntropyRows,
  crossEntropyRowsGradient,
  rowSums,
  softmaxRows,
  softmaxRowsGradient
} from "./rows";
