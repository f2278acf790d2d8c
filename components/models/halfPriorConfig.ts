// What can be chosen about the prior in mixed precision: the arithmetic of its resblocks and the scales of their gradients.

import {type FormatName, floatFormats} from "../nn/floatFormat.js";
import {atPace, paperScaleRule, type ScaleRule} from "../nn/gradientScales.js";
import type {BlockPrecision} from "../nn/scaledBlock.js";
import type {Overrides} from "./recipe.js";

/** none: 1. fixed: one that stays, or is turned by hand. global: one that the rule moves. block: one for each resblock. */
export const scalings = ["none", "fixed", "global", "block"] as const;
export type Scaling = (typeof scalings)[number];

export interface Precision {
  /** Of the resblocks' insides. With 1-3-4, of their gradients: activations, which it cannot hold, are in fp16. */
  readonly format: FormatName | "fp32";
  readonly scaling: Scaling;
  /** log₂ of the scale that all blocks start with. */
  readonly initialScale: number;
  /** How many times faster than in the paper the rule moves the scales. */
  readonly pace: number;
}

export const defaultPrecision: Precision = {format: "fp16", scaling: "block", initialScale: 13, pace: 1};

/** The run's settings of its arithmetic, and the rest, which are the prior's. */
export function precisionOf(config: Overrides = {}): {precision: Precision; rest: Overrides} {
  const {format, scaling, initialScale, pace, ...rest} = {...defaultPrecision, ...config} as Overrides & Precision;
  if (format !== "fp32" && !(format in floatFormats)) throw new Error(`precisionOf: expected a format, got ${format}`);
  if (!scalings.includes(scaling)) throw new Error(`precisionOf: expected a scaling, got ${scaling}`);
  return {precision: {format, scaling, initialScale, pace}, rest};
}

/** The paper's rule for one GPU, at the run's start and pace. */
export function ruleOf({initialScale, pace, scaling}: Precision): ScaleRule {
  const initial = scaling === "none" ? 1 : 2 ** initialScale;
  return {...atPace(paperScaleRule(), pace), initial};
}

/** The formats of activations and of gradients; null is float32. */
export function formatsOf({format}: Pick<Precision, "format">): Pick<BlockPrecision, "format" | "gradientFormat"> {
  if (format === "fp32") return {format: null, gradientFormat: null};
  const narrow = floatFormats[format];
  return {format: format === "1-3-4" ? floatFormats.fp16 : narrow, gradientFormat: narrow};
}
