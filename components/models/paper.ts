// Every number that comes from the paper, "Zero-Shot Text-to-Image Generation" (Ramesh et al. 2021, arXiv 2102.12092),
// with its section. Where the paper leaves a detail to its released code (openai/DALL-E), that is said.

import type {DvaeConfig} from "./dvaeConfig.js";
import type {PriorConfig} from "./priorConfig.js";

/** The dVAE at the paper's size: 256×256 pixels, 32×32 tokens of 8,192 codes (section 2, appendix A.1). */
export const paperDvae: DvaeConfig = {
  imageSize: 256,
  widths: [256, 512, 1024, 2048], // released code: n_hid = 256, doubled at each group
  blocks: [2, 2, 2, 2], // released code
  stemKernel: 7, // released code
  bottleneck: 4, // a block's inner width is its outer width / 4; released code
  codes: 8192, // section 2.1
  codeWidth: 128, // n_init of the released decoder
  codeKernel: 1, // section 2.1: 1×1 convolutions around the relaxation
  postGain: 1 / 64, // 1 / n_layers², n_layers = 8; section 2.1 and released code
  likelihood: "logitLaplace", // section 2.1, appendix A.3
  pixelScale: 1, // not used by the logit-Laplace
  estimator: "gumbelSoftmax" // section 2.1; the relaxed sample is used forward and backward
};

/** The prior at the paper's size: 12 billion parameters (section 2.2, appendix B.1, table 1). */
export const paperPrior: PriorConfig = {
  textLength: 256,
  textVocabulary: 16384,
  grid: 32,
  codes: 8192,
  layers: 64,
  heads: 62,
  headSize: 64,
  masks: "paper",
  convKernel: 11
};

/** Training of the dVAE (appendix A.2). */
export const paperDvaeTraining = {
  batchSize: 512,
  updates: 3_000_000,
  beta: {from: 0, to: 6.6, updates: 5_000},
  tau: {from: 1, to: 1 / 16, updates: 150_000},
  learningRate: {from: 1e-4, to: 1.25e-6, updates: 1_200_000},
  adam: {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4},
  emaDecay: 0.999
} as const;

/** Training of the prior (section 2.2, appendix B.2). */
export const paperPriorTraining = {
  batchSize: 1024,
  updates: 430_000,
  textWeight: 1 / 8,
  imageWeight: 7 / 8,
  bpeDropout: 0.1,
  learningRate: {peak: 4.5e-4, warmup: 5_000, halvings: 5},
  adam: {beta1: 0.9, beta2: 0.96, epsilon: 1e-8, weightDecay: 4.5e-2},
  clipNorm: 4,
  emaDecay: 0.99
} as const;

/** The pixel map φ keeps values away from 0 and 1 by ε (appendix A.3). */
export const pixelEpsilon = 0.1;

/** Sampling (sections 2.6 and 3): no temperature reduction, 512 candidates re-ranked. */
export const paperSampling = {temperature: 1, candidates: 512} as const;

/** Parameter counts: of the released dVAE, and of the prior as the paper rounds it. */
export const paperParameterCounts = {encoder: 53_786_240, decoder: 43_829_766, prior: 12e9} as const;

/**
 * Training over 128 machines of 8 GPUs (section 2.5, appendix E). PowerSGD: ε on the diagonal before P is made orthonormal;
 * for each size of model the smallest rank, over all shards, at which the training loss showed no gap.
 */
export const paperDistributed = {
  machines: 128,
  shards: 8,
  cardBytes: 16e9,
  epsilon: 1e-6,
  ranks: [
    {parameters: 2.8e9, width: 1920, rank: 512, rate: 0.83},
    {parameters: 5.6e9, width: 2688, rank: 640, rate: 0.85},
    {parameters: 12e9, width: 3968, rank: 896, rate: 0.86}
  ]
} as const;
