// Settings of the discrete VAE to be taken away or exchanged one at a time, for the chapter on stage 1: as switches for a
// run in the page, and as stored runs (scripts/ablations.ts, data/ablations.json).

import type {RunSpec} from "./protocol.js";

export type AblationConfig = NonNullable<RunSpec["config"]>;

export interface AblationSetting {
  readonly label: string;
  /** {} is the miniature's own. */
  readonly config: AblationConfig;
  /** No choice of the switch: it can be had by two of them together. */
  readonly together?: true;
}

export interface Ablation {
  readonly name: string;
  /** Of the switch. */
  readonly label: string;
  /** What the paper says (sections in facts). */
  readonly claim: string;
  readonly settings: readonly AblationSetting[];
  /** The measured number that the claim is about, and the settings that it compares: the first is said to be better. */
  readonly compared: {
    readonly metric: AblationMetric;
    readonly better: number;
    readonly worse: number;
    /** A second number, if the claim is about two. */
    readonly also?: AblationMetric;
    /** What the claim is about, if not about the number, which then stands beside it: divergence, or where mass lies. */
    readonly about?: "divergence" | "mass";
  };
}

/** hardError, deadCodes and gap are better small; elbTrue and perplexity large. */
export type AblationMetric = "hardError" | "softError" | "elbRelaxed" | "elbTrue" | "gap" | "perplexity" | "deadCodes";

/** The KL in place of the miniature's two bonuses, with the paper's short ramp. */
const kl = (beta: number): AblationConfig => ({
  betaTo: beta,
  betaEnd: 60,
  usageBonusFrom: 0,
  usageBonusTo: 0,
  certaintyBonusFrom: 0,
  certaintyBonusTo: 0,
  noiseFrom: 1
});

export const ablations: readonly Ablation[] = [
  {
    name: "tau",
    label: "τ ends at",
    claim: "Annealing τ to 1/16 closes the gap between the relaxed bound and the true one (section 2.1).",
    settings: [
      {label: "1/2 (the miniature)", config: {}},
      {label: "1", config: {tauTo: 1}},
      {label: "1/16 (the paper)", config: {tauTo: 1 / 16}}
    ],
    compared: {metric: "gap", better: 2, worse: 1}
  },
  {
    name: "shape",
    label: "τ falls",
    claim: "Annealed linearly instead of along a cosine, training typically diverged (appendix A.2).",
    settings: [
      {label: "along a cosine", config: {}},
      {label: "linearly", config: {tauShape: "linear"}},
      {label: "cosine to 1/16", config: {tauTo: 1 / 16}, together: true},
      {label: "linearly to 1/16", config: {tauTo: 1 / 16, tauShape: "linear"}, together: true}
    ],
    compared: {metric: "hardError", better: 2, worse: 3, about: "divergence"}
  },
  {
    name: "beta",
    label: "β rises to",
    claim: "β = 6.6 gives better codebook usage and, in the end, a smaller reconstruction error (footnote 4).",
    settings: [
      {label: "0, with bonuses (the miniature)", config: {}},
      {label: "0, none", config: kl(0)},
      {label: "0.5", config: kl(0.5)},
      {label: "6.6 (the paper)", config: kl(6.6)}
    ],
    compared: {metric: "perplexity", better: 3, worse: 1, also: "hardError"}
  },
  {
    name: "kernel",
    label: "convolutions at the codes",
    claim:
      "1 × 1 convolutions around the relaxation generalise better to the true bound than larger ones (section 2.1).",
    settings: [
      {label: "1 × 1", config: {}},
      {label: "3 × 3", config: {codeKernel: 3}}
    ],
    compared: {metric: "elbTrue", better: 0, worse: 1}
  },
  {
    name: "gain",
    label: "residual branches times",
    claim: "A small constant on the residual branches (1/64 in the paper) keeps training stable (section 2.1).",
    settings: [
      {label: "1/4 (the miniature)", config: {}},
      {label: "1/36 (the paper's rule)", config: {postGain: 1 / 36}},
      {label: "1, none", config: {postGain: 1}}
    ],
    compared: {metric: "hardError", better: 1, worse: 2, about: "divergence"}
  },
  {
    name: "likelihood",
    label: "likelihood",
    claim:
      "l1 and l2 put mass where no pixel can be; the logit-Laplace does not (appendix A.3). It compares no errors; here they are.",
    settings: [
      {label: "Gaussian, l2 (the miniature)", config: {}},
      {label: "Laplace, l1", config: {likelihood: "l1"}},
      {label: "logit-Laplace (the paper)", config: {likelihood: "logitLaplace"}}
    ],
    compared: {metric: "hardError", better: 2, worse: 0, about: "mass"}
  }
];

/** A stored run: its numbers at some steps, by name. */
export interface AblationRun {
  readonly config: AblationConfig;
  readonly seed: number;
  /** Where the numbers stopped being finite. */
  readonly divergedAt?: number;
  readonly curve: Readonly<Record<string, readonly number[]>>;
}

export interface AblationFile {
  readonly updates: number;
  readonly dataVersion: string;
  readonly command: string;
  readonly runs: readonly AblationRun[];
}

/** Every configuration once. */
export function ablationConfigs(names: readonly string[] = ablations.map(({name}) => name)): AblationConfig[] {
  const all = ablations.filter(({name}) => names.includes(name)).flatMap(({settings}) => settings);
  return [...new Map(all.map(({config}) => [configKey(config), config])).values()];
}

/** The same for the same settings in any order. */
export function configKey(config: AblationConfig): string {
  return JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
}
