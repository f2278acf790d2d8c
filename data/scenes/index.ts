// Captioned scenes: grammar → caption and image → grade.

export * from "./baselines.js";
export * from "./captions.js";
export * from "./grade.js";
export * from "./grader.js";
export * from "./grammar.js";
export * from "./heldOut.js";
export * from "./jitter.js";
export * from "./nearest.js";
export * from "./parse.js";
export * from "./render.js";
export * from "./splits.js";
export {knownWords} from "./words.js";
