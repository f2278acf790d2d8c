// What the figures of both chapters have in common.

import type {PlaneGroup} from "../../charts/latentPlane.js";
import type {ArrayPayload} from "../../training/protocol.js";
import {attributesOf, heldScenes, type Slice} from "../../training/sceneSource.js";

/** As many as the worker holds back (autoencoderTask.ts). */
export const heldCount = 128;

export type Attribute = "colour" | "shape" | "background" | "place";

/** The scenes' own inks (data/scenes). */
const inks: Readonly<Record<string, string>> = {
  red: "#e53935",
  yellow: "#e0b400",
  green: "#2e9e41",
  blue: "#3366e0",
  purple: "#8e44bd",
  pink: "#f07fb0",
  sand: "#c9a35b",
  night: "#4a4f86"
};
const others = ["--image", "--encoder", "--codes", "--decoder", "--prior", "--text"];

/** Has the held-back scenes found by the time that a figure wants them, a few at a time: all together take 100 ms. */
export function prepareScenes(slice: Slice): void {
  let count = 0;
  const next = () => {
    count += 8;
    heldScenes(slice, count);
    if (count < heldCount) setTimeout(next);
  };
  setTimeout(next);
}

/** The held-back scenes' values of an attribute: the groups, and the group of each scene. */
export function grouped(slice: Slice, attribute: Attribute): {groups: PlaneGroup[]; groupOf: number[]} {
  const values = heldScenes(slice, heldCount).map((scene) => attributesOf(scene)[attribute]);
  const names = [...new Set(values)].sort();
  const groups = names.map((name, i) => ({name, colour: inks[name] ?? `var(${others[i % others.length]})`}));
  return {groups, groupOf: values.map((value) => names.indexOf(value))};
}

/** "blue star on sand", with its place where scenes differ in it: "blue star, top left, on sand". */
export function nameOfScene(slice: Slice, index: number): string {
  const {shape, colour, background, place} = attributesOf(heldScenes(slice, index + 1)[index]!);
  return `${colour} ${shape}${slice === "all" ? `, ${place},` : ""} on ${background}`;
}

export const attributes = ["colour", "shape", "place", "background"] as const satisfies readonly Attribute[];

/** The next pair of held-back scenes after this one that differs in one attribute and in no other; null for none. */
export function nextPair(attribute: Attribute, from: number, to: number): [from: number, to: number] | null {
  const known = heldScenes("all", heldCount).map(attributesOf);
  const fits = (i: number, j: number) =>
    attributes.every((name) => (known[i]![name] === known[j]![name]) !== (name === attribute));
  const start = from * heldCount + to;
  for (let k = 1; k <= heldCount ** 2; ++k) {
    const at = (start + k) % heldCount ** 2;
    const [i, j] = [Math.floor(at / heldCount), at % heldCount];
    if (i !== j && fits(i, j)) return [i, j];
  }
  return null;
}

/** Mean squared difference of pixels in [0, 1] between image i of a and image j of b. */
export function meanSquare(a: ArrayPayload, i: number, b: ArrayPayload, j: number): number {
  const size = a.shape.slice(1).reduce((x, y) => x * y, 1);
  let sum = 0;
  for (let k = 0; k < size; ++k) sum += ((a.data[i * size + k]! - b.data[j * size + k]!) / 255) ** 2;
  return sum / size;
}

/** The distance from a code to the nearest of others, both [n, d]. */
export function nearestCode(z: ArrayLike<number>, at: number, codes: ArrayPayload): number {
  const [n = 0, d = 1] = codes.shape;
  let best = Infinity;
  for (let i = 0; i < n; ++i) {
    let sum = 0;
    for (let j = 0; j < d; ++j) sum += (z[at * d + j]! - codes.data[i * d + j]!) ** 2;
    best = Math.min(best, sum);
  }
  return Math.sqrt(best);
}
