// What can be chosen about the prior in mixed precision: the arithmetic of its resblocks and the scales of their gradients.

import {type FormatName, floatFormats} from "../nn/floatFormat.js";
import {edgesOf} from "../nn/gradientRange.js";
import {paperScaleRule, type ScaleRule} from "../nn/gradientScales.js";
import type {BlockPrecision} from "../nn/scaledBlock.js";
import type {Overrides} from "./recipe.js";

/** none: 1. fixed: one that stays, or is turned by hand. global: one that the rule moves. block: one for each resblock. */
export const scalings = ["none", "fixed", "global", "block"] as const;
export type Scaling = (typeof scalings)[number];

export interface Precision {
  /** Of the resblocks' insides. With 1-2-3, of their gradients: activations, which it cannot hold, are in fp16. */
  readonly format: FormatName | "fp32";
  readonly scaling: Scaling;
  /** log₂ of the scale that all blocks start with. */
  readonly initialScale: number;
  /** Within so many updates the rule divides a scale only once. */
  readonly window: number;
}

export const defaultPrecision: Precision = {format: "fp16", scaling: "block", initialScale: 13, window: 125};

/** The run's settings of its arithmetic, and the rest, which are the prior's. */
export function precisionOf(config: Overrides = {}): {precision: Precision; rest: Overrides} {
  const {format, scaling, initialScale, window, ...rest} = {...defaultPrecision, ...config} as Overrides & Precision;
  if (format !== "fp32" && !(format in floatFormats)) throw new Error(`precisionOf: expected a format, got ${format}`);
  if (!scalings.includes(scaling)) throw new Error(`precisionOf: expected a scaling, got ${scaling}`);
  return {precision: {format, scaling, initialScale, window}, rest};
}

/**
 * The paper's rule for one GPU, with the run's start and window. Its bounds are made for fp16; in a format that ends lower
 * they lie lower by as much.
 */
export function ruleOf({format, initialScale, window, scaling}: Precision): ScaleRule {
  const rule = paperScaleRule();
  const end = format === "fp32" ? Infinity : edgesOf(floatFormats[format]).infinite;
  const lower = 2 ** Math.min(0, end - edgesOf(floatFormats.fp16).infinite);
  const initial = scaling === "none" ? 1 : 2 ** initialScale;
  return {...rule, window, initial, smallest: rule.smallest * lower, largest: rule.largest * lower};
}

/** The formats of activations and of gradients; null is float32. */
export function formatsOf({format}: Pick<Precision, "format">): Pick<BlockPrecision, "format" | "gradientFormat"> {
  if (format === "fp32") return {format: null, gradientFormat: null};
  const narrow = floatFormats[format];
  return {format: format === "1-2-3" ? floatFormats.fp16 : narrow, gradientFormat: narrow};
}
