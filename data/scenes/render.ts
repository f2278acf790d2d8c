// Draws a scene. Only operations that IEEE 754 rounds exactly, so the bytes are the same in every browser and in Node.

import type {Stream} from "../random.js";
import type {Background, Colour, Scene, SceneObject} from "./grammar.js";
import {boxOf, drawJitter, type Jitter, jitterConfig, type ObjectJitter, stepValue} from "./jitter.js";
import {layersOf} from "./outlines.js";

export type Rgb = readonly [number, number, number];

/** The colours, sRGB in [0, 255]. Any two are at least 70 apart. */
export const palette: Readonly<Record<Colour, Rgb>> = {
  red: [226, 56, 60],
  orange: [247, 140, 38],
  yellow: [252, 208, 52],
  green: [62, 168, 78],
  turquoise: [52, 190, 198],
  blue: [62, 104, 226],
  purple: [142, 72, 196],
  pink: [246, 132, 182]
};

export const grounds: Readonly<Record<Background, Rgb>> = {
  sand: [250, 240, 218],
  sky: [200, 226, 246],
  meadow: [200, 228, 178],
  night: [46, 48, 84]
};

/** Eyes and mouth. */
export const faceInk: Rgb = [44, 32, 52];
export interface RenderOptions {
  readonly pixels: 16 | 32;
  /** Draws the unsaid: place within its third, size, hue, lightness. null draws the middle of every range. */
  readonly jitter: Stream | null;
}

/** The image of a scene: uint8 RGB, [pixels × pixels × 3], row by row. */
export function renderScene(scene: Scene, {pixels, jitter}: RenderOptions): Uint8Array {
  return paintScene(scene, pixels, drawJitter(scene, pixels, jitter));
}

/** As renderScene, with the unsaid already drawn. */
export function paintScene(scene: Scene, pixels: 16 | 32, jitter: Jitter): Uint8Array {
  const ground = groundOf(scene.background, pixels, jitter.background);
  const image = new Uint8Array(pixels * pixels * 3);
  for (let i = 0; i < image.length; i += 3) {
    image[i] = round(ground[0]);
    image[i + 1] = round(ground[1]);
    image[i + 2] = round(ground[2]);
  }
  scene.objects.forEach((object, i) => {
    paintObject(image, pixels, object, jitter.objects[i]!, ground);
  });
  return image;
}

function paintObject(image: Uint8Array, pixels: 16 | 32, object: SceneObject, jitter: ObjectJitter, ground: Rgb): void {
  const {box, extent} = boxOf(pixels, object.size);
  const drawn = extent * (1 + stepValue(jitterConfig[pixels].scale, jitter.scale));
  const {ink, white, face} = layersOf(object.shape, object.texture, object.face, box, drawn);
  const colour = inkOf(object.colour, pixels, jitter);
  for (let k = 0; k < ink.length; ++k) {
    const inked = ink[k]!;
    const pale = white === null ? 0 : white[k]!;
    const dark = face === null ? 0 : face[k]!;
    const covered = inked + pale + dark;
    if (covered === 0) continue;
    const p = ((jitter.y + Math.floor(k / box)) * pixels + jitter.x + (k % box)) * 3;
    for (let c = 0; c < 3; ++c) {
      const value = ground[c]! * (1 - covered) + colour[c]! * inked + 255 * pale + faceInk[c]! * dark;
      image[p + c] = round(value);
    }
  }
}

/** The colour of an object with its jitter's steps, each channel in [0, 255]. */
export function inkOf(colour: Colour, pixels: 16 | 32, steps: {readonly hue: number; readonly lightness: number}): Rgb {
  const config = jitterConfig[pixels];
  const hue = stepValue(config.hue, steps.hue);
  return towards(turned(palette[colour], hue), stepValue(config.lightness, steps.lightness));
}

export function groundOf(background: Background, pixels: 16 | 32, step: number): Rgb {
  return towards(grounds[background], stepValue(jitterConfig[pixels].background, step));
}

/** A small turn about the grey axis: rgb + angle (1, 1, 1)/√3 × rgb. */
function turned([r, g, b]: Rgb, angle: number): Rgb {
  const k = angle / Math.sqrt(3);
  return [clamp(r + k * (b - g)), clamp(g + k * (r - b)), clamp(b + k * (g - r))];
}

/** So far towards white (share > 0) or black (share < 0). */
function towards([r, g, b]: Rgb, share: number): Rgb {
  const goal = share > 0 ? 255 : 0;
  const by = Math.abs(share);
  return [r + by * (goal - r), g + by * (goal - g), b + by * (goal - b)];
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}

function round(value: number): number {
  return Math.floor(value + 0.5);
}
