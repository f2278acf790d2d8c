// What the grader compares an image with: every look of an object, sharp and blurred.

import {type ObjectSize, type Shape, type Texture, vocabularies} from "./grammar.js";
import {boxOf, jitterConfig, stepValue} from "./jitter.js";
import {type Layers, layersOf} from "./outlines.js";

export interface Template extends Layers {
  readonly shape: Shape;
  readonly texture: Texture;
  readonly hasFace: boolean;
  /** Which of the blurs; 0 is sharp. */
  readonly blur: number;
  /** The middle scale, no face and a little blur: for the first look. */
  readonly typical: boolean;
  /** Dot products of the layers: ink·ink, ink·white, ink·face, white·white, white·face, face·face. */
  readonly gram: readonly [number, number, number, number, number, number];
}

/** Passes of the kernel [1 2 1]/4 in both directions; each adds ½ to the variance: σ = 0, 0.7, 1.2 pixels. */
const passes = [0, 1, 3];

const made = new Map<string, readonly Template[]>();

/** All templates of a size in the world of an image. */
export function templatesOf(pixels: 16 | 32, size: ObjectSize): readonly Template[] {
  const key = `${pixels}/${size}`;
  let templates = made.get(key);
  if (templates === undefined) {
    templates = make(pixels, size);
    made.set(key, templates);
  }
  return templates;
}

function make(pixels: 16 | 32, size: ObjectSize): Template[] {
  const {shapes, textures, faces} = vocabularies[pixels === 16 ? "xs" : "s"];
  const {box, extent} = boxOf(pixels, size);
  const {scale} = jitterConfig[pixels];
  const templates: Template[] = [];
  for (const shape of shapes) {
    for (const texture of textures) {
      for (const hasFace of faces ? [false, true] : [false]) {
        for (let step = 0; step < scale.count; ++step) {
          const drawn = extent * (1 + stepValue(scale, step));
          const sharp = layersOf(shape, texture, hasFace, box, drawn);
          passes.forEach((count, blur) => {
            const layers = {
              ink: blurred(sharp.ink, box, count),
              white: sharp.white && blurred(sharp.white, box, count),
              face: sharp.face && blurred(sharp.face, box, count)
            };
            const typical = !hasFace && blur === 1 && step === Math.floor(scale.count / 2);
            templates.push({shape, texture, hasFace, blur, typical, ...layers, gram: gramOf(layers)});
          });
        }
      }
    }
  }
  return templates;
}

function gramOf({ink, white, face}: Layers): Template["gram"] {
  return [dot(ink, ink), dot(ink, white), dot(ink, face), dot(white, white), dot(white, face), dot(face, face)];
}

/** Zero if either is null. The length is a multiple of 4, which lets four sums run side by side. */
export function dot(a: Float32Array | null, b: Float32Array | null): number {
  if (a === null || b === null) return 0;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  return s0 + s1 + (s2 + s3);
}

/** What is blurred out of the box is lost. */
function blurred(layer: Float32Array, box: number, count: number): Float32Array {
  let from = layer;
  for (let pass = 0; pass < count; ++pass) from = smoothed(smoothed(from, box, 1), box, box);
  return from;
}

/** [1 2 1]/4 along rows (stride 1) or columns (stride box). */
function smoothed(from: Float32Array, box: number, stride: number): Float32Array {
  return from.map((value, k) => {
    const at = Math.floor(k / stride) % box;
    const before = at > 0 ? from[k - stride]! : 0;
    const after = at < box - 1 ? from[k + stride]! : 0;
    return (before + 2 * value + after) / 4;
  });
}
