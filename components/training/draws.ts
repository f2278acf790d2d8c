// From logits to a code, for pages: what a figure computes is what the worker draws with. No tensor comes with it.

export {entropyBits, largest, type SamplingOptions, samplingDistribution} from "../nn/sampling.js";
