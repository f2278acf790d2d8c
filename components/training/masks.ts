// The prior's attention masks, for pages: what a figure draws is what the model uses.

export {attends, type ImagePattern, layerPattern} from "../nn/masks.js";
