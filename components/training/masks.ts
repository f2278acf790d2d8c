// The prior's attention masks, for pages: what a figure draws is what the model uses.

export {attends, attendsImage, type ImagePattern, layerPattern, layerPatterns} from "../nn/masks.js";
