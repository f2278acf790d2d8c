// What one training run is told: the model's configuration, its schedules and its optimiser.

import type {DatasetName} from "../../data/scenes/grammar.js";
import {halfCosine, warmupCosine, warmupHalvings} from "../tensor/index.js";
import type {DvaeConfig} from "./dvaeConfig.js";
import type {PriorConfig} from "./priorConfig.js";

/** A value that moves from one number to another between two steps, and stays there. */
export interface Anneal {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  /** Half a cosine unless it says otherwise. */
  readonly shape?: "cosine" | "linear";
}

/** Linear warm-up to peak, then half a cosine down to final at the last update. */
export interface WarmupCosine {
  readonly peak: number;
  readonly final: number;
  readonly warmup: number;
}

/** Linear warm-up to peak, halved so many times over the second half of the run: the paper's, for the prior. */
export interface WarmupHalvings {
  readonly peak: number;
  readonly halvings: number;
  readonly warmup: number;
}

export type LearningRate = WarmupCosine | WarmupHalvings;

/** The annealed value at a step: half a cosine, or a straight line, from start to end. */
export function annealed({from, to, start, end, shape}: Anneal, step: number): number {
  if (shape === "linear")
    return from + (to - from) * Math.min(Math.max((step - start) / Math.max(1, end - start), 0), 1);
  return halfCosine(from, to, end - start)(step - start);
}

export function learningRateAt(rate: LearningRate, updates: number, step: number): number {
  const {peak, warmup} = rate;
  if ("halvings" in rate) return warmupHalvings(peak, rate.halvings, warmup, updates)(step);
  return warmupCosine(peak, rate.final, warmup, updates)(step);
}

export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly emaDecay: number;
}

export interface DvaeRecipe {
  readonly dataset: DatasetName;
  /** Colours that training shows with each shape; the pairs taken away are never seen. */
  readonly coloursAShape: number;
  readonly config: DvaeConfig;
  readonly batchSize: number;
  readonly updates: number;
  readonly learningRate: LearningRate;
  readonly tau: Anneal;
  readonly beta: Anneal;
  /** Scale of the Gumbel noise. */
  readonly noise: Anneal;
  /** Weight of the entropy of the batch-mean posterior. */
  readonly usageBonus: Anneal;
  /** Weight of each position's KL to uniform, nats, as a bonus. */
  readonly certaintyBonus: Anneal;
  readonly adam: AdamConfig;
}

export interface PriorRecipe {
  readonly dataset: DatasetName;
  /** As for the dVAE. */
  readonly coloursAShape: number;
  readonly config: PriorConfig;
  readonly batchSize: number;
  readonly updates: number;
  readonly learningRate: LearningRate;
  readonly textWeight: number;
  readonly imageWeight: number;
  readonly bpeMerges: number;
  readonly bpeDropout: number;
  /** Scale of the Gumbel noise with which the tokens of a training image are drawn: 0 is the arg max, as in the paper. */
  readonly tokenNoise: Anneal;
  readonly adam: AdamConfig;
}

export type Overrides = Readonly<Record<string, unknown>>;

/**
 * A recipe with some settings replaced by name, e.g. {codes: 32, updates: 500}; of the config's or the recipe's own. A
 * schedule's parts are settings too: tauTo is tau.to, betaEnd is beta.end, tauShape is tau.shape.
 */
export function withOverrides<R extends {readonly config: object}>(recipe: R, overrides: Overrides = {}): R {
  let result: R = recipe;
  for (const [name, value] of Object.entries(overrides)) {
    if (fits(recipe.config, name, value)) result = {...result, config: {...result.config, [name]: value}};
    else if (fits(recipe, name, value)) result = {...result, [name]: value};
    else result = {...result, ...withPart(result, name, value)};
  }
  return result;
}

function withPart(recipe: object, setting: string, value: unknown): Readonly<Record<string, Anneal>> {
  const [, name = "", part = ""] = /^(.+)(From|To|Start|End|Shape)$/.exec(setting) ?? [];
  const schedule = (recipe as Readonly<Record<string, unknown>>)[name];
  const good = part === "Shape" ? value === "cosine" || value === "linear" : typeof value === "number";
  if (typeof schedule !== "object" || schedule === null || !("from" in schedule) || !good) {
    throw new Error(`withOverrides: expected a setting of the recipe, got ${setting} = ${String(value)}`);
  }
  return {[name]: {...(schedule as Anneal), [part.toLowerCase()]: value}};
}

function fits(place: object, name: string, value: unknown): boolean {
  const old = (place as Readonly<Record<string, unknown>>)[name];
  return old !== undefined && typeof old === typeof value;
}
