import {attentionCases} from "./attention.js";
import type {Case} from "./case.js";
import {elementwiseCases} from "./elementwise.js";
import {networkCases} from "./networks.js";
import {roundingCases} from "./rounding.js";
import {shapeCases} from "./shapes.js";
import {storedCases} from "./stored.js";

export const cases: readonly Case[] = [
  ...elementwiseCases,
  ...roundingCases,
  ...shapeCases,
  ...networkCases,
  ...attentionCases,
  ...storedCases
];
