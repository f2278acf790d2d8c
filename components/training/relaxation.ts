// The relaxation and its gradient estimators, for pages: what a figure draws is what the models' files define.

export {
  type Estimator,
  estimate,
  estimators,
  lossAt,
  noDraws,
  type Quality,
  qualityOf,
  type SmallProblem,
  smallProblem,
  type Totals,
  trueGradient,
  withDraws
} from "../models/estimators.js";
export {
  blended,
  blendOf,
  countDraws,
  gumbels,
  hardDraw,
  relaxedDraw,
  softmaxAt,
  standardError
} from "../models/relaxation.js";
