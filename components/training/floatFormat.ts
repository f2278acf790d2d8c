// Formats, gradient scales and the miniature's settings of them, for pages: what a figure draws is what the models use.

export {
  defaultPrecision,
  type Precision,
  type Scaling,
  scalings
} from "../models/halfPriorConfig.js";
export {
  bitsOf,
  type Fate,
  type FloatFormat,
  type FormatName,
  fateOf,
  floatFormats,
  roundTo
} from "../nn/floatFormat.js";
export {edgesOf, largestShift, type Shares, sharesOf} from "../nn/gradientRange.js";
export {type BlockScale, nextScale, paperScaleRule} from "../nn/gradientScales.js";
