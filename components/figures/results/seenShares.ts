// The world in which the share of seen pairs is varied: XS, where each shape lacks one colour.

import {coloursAShape, vocabularies} from "../../../data/scenes/index.js";

const {shapes, colours} = vocabularies.xs;

export const seenShares = {
  /** All pairs of a colour and a shape. */
  all: shapes.length * colours.length,
  /** Most colours that training shows with a shape. */
  most: coloursAShape("xs"),
  /** Pairs in training when each shape keeps so many colours. */
  pairs: (kept: number): number => kept * shapes.length
} as const;
