// The paper's numbers, for pages.

export {paperDistributed, paperParameterCounts, paperPrior, paperPriorTraining} from "../models/paper.js";
