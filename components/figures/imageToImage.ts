// Image to image, as the paper's section 3.3 does it: the upper rows of a picture are kept, the caption asks for the rest.

import {
  type Background,
  type Colour,
  type Scene,
  type SceneObject,
  type Shape,
  vocabularies
} from "../../data/scenes/grammar.js";
import {renderScene} from "../../data/scenes/render.js";
import {button} from "../charts/controls/button.js";
import {element} from "../charts/dom.js";
import type {ArrayPayload, Size} from "../training/protocol.js";

/** An image of which the upper half is kept, and what is asked for below. */
export interface ImageTask {
  readonly name: string;
  readonly caption: string;
  /** uint8 [1, n, n, 3] */
  readonly image: ArrayPayload;
}

/** Tasks to press; `onTask` draws. */
export function imageToImage(size: Size, onTask: (task: ImageTask) => void): HTMLElement {
  const chips = imageTasks(size).map((task) => {
    const chip = button(task.name);
    chip.addEventListener("click", () => onTask(task));
    return chip;
  });
  return element("div", {class: "image-to-image"}, element("div", {class: "control-bar"}, ...chips));
}

/** Of the size's own world, so that the miniature has a chance: its pictures hold no sketches and no cats. */
export function imageTasks(size: Size): ImageTask[] {
  if (size === "s") {
    const star = {...object("star", "red", 0), size: "small"} as const;
    return [task("s", "a heart below the star", "a red star above a blue heart", [star], "sky")];
  }
  return [
    task("xs", "the same: a red heart", "a red heart", [object("heart", "red", 0)], "night"),
    task("xs", "no caption", "", [object("heart", "red", 0)], "night"),
    task("xs", "another colour: a green heart", "a green heart", [object("heart", "red", 0)], "night"),
    task("xs", "another shape: a red cross", "a red cross", [object("circle", "red", 0)], "sand")
  ];
}

function task(size: Size, name: string, caption: string, objects: SceneObject[], background: Background): ImageTask {
  const {pixels} = vocabularies[size];
  const scene: Scene = {objects, background, relation: null};
  return {name, caption, image: {shape: [1, pixels, pixels, 3], data: renderScene(scene, {pixels, jitter: null})}};
}

function object(shape: Shape, colour: Colour, row: 0 | 2): SceneObject {
  return {shape, colour, texture: "solid", size: "large", place: {row, column: 0}, face: false};
}
