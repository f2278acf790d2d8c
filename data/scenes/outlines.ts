// What an object looks like before it has a colour: the share of each pixel of its box that each ink covers, by 8×8
// samples. Boxes are whole pixels, so this depends only on the shape, texture, face, box and scale, and is made once.

import {portableCosTurn, portableSinTurn} from "../random.js";
import type {Shape, Texture} from "./grammar.js";

type Inside = (u: number, v: number) => boolean;

/** Is the point inside? u to the right and v down, in half extents: a shape fills about [−1, 1] × [−1, 1]. */
const inside: Readonly<Record<Shape, Inside>> = {
  circle: (u, v) => u * u + v * v <= 0.97,
  square: rounded(0.18, [-0.68, -0.68, 0.68, -0.68, 0.68, 0.68, -0.68, 0.68]),
  triangle: rounded(0.16, [0, -0.72, 0.8, 0.68, -0.8, 0.68]),
  diamond: rounded(0.1, [0, -0.88, 0.78, 0, 0, 0.88, -0.78, 0]),
  star: rounded(0.1, starCorners(0.95, 0.46, 0.07)),
  heart: (u, v) => {
    const x = u * 1.18;
    const y = 0.1 - v * 1.15;
    const a = x * x + y * y - 1;
    return a * a * a - x * x * y * y * y <= 0;
  },
  cross: rounded(
    0.12,
    [
      -0.27, -0.84, 0.27, -0.84, 0.27, -0.27, 0.84, -0.27, 0.84, 0.27, 0.27, 0.27, 0.27, 0.84, -0.27, 0.84, -0.27, 0.27,
      -0.84, 0.27, -0.84, -0.27, -0.27, -0.27
    ]
  ),
  cloud: (u, v) =>
    disc(u + 0.55, v - 0.24, 0.42) ||
    disc(u - 0.57, v - 0.26, 0.4) ||
    disc(u + 0.16, v + 0.22, 0.5) ||
    disc(u - 0.34, v + 0.02, 0.4) ||
    (u >= -0.55 && u <= 0.57 && v >= 0 && v <= 0.66)
};

/**
 * Where the face's middle lies below the box's middle, in half extents. The shapes that have no face in training take
 * the middle, so that the pieces of their faces lie on the token grid as those of other shapes do.
 */
const faceDrop: Readonly<Record<Shape, number>> = {
  circle: 0,
  square: 0,
  triangle: 0.22,
  diamond: 0,
  star: 0.06,
  heart: 0,
  cross: 0,
  cloud: 0
};

const samples = 8;
/** The other colour of stripes and dots: the object's, so far towards white. */
const paleness = 0.8;
/** Stripes and dots leave a rim of the object's colour, in pixels, so that the outline is whole on a pale ground. */
const rim = 0.9;

/** What a box shows, as weights of three inks over the ground, each [box × box]; their sum is the shape's coverage. */
export interface Layers {
  /** The object's colour. */
  readonly ink: Float32Array;
  /** White, of stripes and dots; null if solid. */
  readonly white: Float32Array | null;
  /** Eyes and mouth; null without a face. */
  readonly face: Float32Array | null;
}

const layers = new Map<string, Layers>();

/**
 * The layers of an object in its box.
 * extent: the shape's side in pixels, at most box.
 */
export function layersOf(shape: Shape, texture: Texture, hasFace: boolean, box: number, extent: number): Layers {
  const key = `${shape}/${texture}/${hasFace}/${box}/${extent}`;
  const found = layers.get(key);
  if (found !== undefined) return found;
  const cover = shapeMask(shape, box, extent);
  const eyes = hasFace ? faceMask(shape, box) : null;
  const pattern = texture === "solid" ? null : textureMask(texture, box);
  const middle = pattern && shapeMask(shape, box, extent - 2 * rim);
  const face = eyes && cover.map((c, i) => c * eyes[i]!);
  const rest = face ? cover.map((c, i) => c - face[i]!) : cover;
  const white = pattern && middle && rest.map((c, i) => c * paleness * pattern[i]! * middle[i]!);
  const ink = white ? rest.map((c, i) => c - white[i]!) : rest;
  const made = {ink, white, face};
  layers.set(key, made);
  return made;
}

function shapeMask(shape: Shape, box: number, extent: number): Float32Array {
  return sampled(box, (x, y) => inside[shape]((2 * x) / extent, (2 * y) / extent));
}

/** Two eyes and a smile. They keep their size whatever the shape's scale. */
function faceMask(shape: Shape, box: number): Float32Array {
  const k = box / 16;
  const drop = Math.round(faceDrop[shape] * box * 0.5);
  return sampled(box, (x, yBox) => {
    const y = yBox - drop;
    const ex = (Math.abs(x) - 2.5 * k) / (0.4 + 0.65 * k);
    const ey = (y + 1.3 * k) / (0.4 + 1.1 * k);
    if (ex * ex + ey * ey <= 1) return true;
    const r = Math.sqrt(x * x + (y - 0.4 * k) * (y - 0.4 * k));
    return Math.abs(r - 2.9 * k) <= 0.62 && y >= 1.9 * k;
  });
}

/** Repeats every 4 pixels, from the corner of the box. */
function textureMask(texture: "striped" | "dotted", box: number): Float32Array {
  return sampled(box, (x, y) => {
    const u = modulo(x + box / 2, 4) - 2;
    const v = modulo(y + box / 2, 4) - 2;
    return texture === "striped" ? v >= 0 : u * u + v * v <= 1.45;
  });
}

/** Coverage of a test, which takes points in pixels from the middle of the box. */
function sampled(box: number, test: Inside): Float32Array {
  const mask = new Float32Array(box * box);
  for (let i = 0; i < box; ++i) {
    for (let j = 0; j < box; ++j) {
      let hits = 0;
      for (let n = 0; n < samples * samples; ++n) {
        const x = j + ((n % samples) + 0.5) / samples - box / 2;
        const y = i + (Math.floor(n / samples) + 0.5) / samples - box / 2;
        if (test(x, y)) hits += 1;
      }
      mask[i * box + j] = hits / (samples * samples);
    }
  }
  return mask;
}

function modulo(x: number, n: number): number {
  return x - n * Math.floor(x / n);
}

function disc(u: number, v: number, r: number): boolean {
  return u * u + v * v <= r * r;
}

/** Inside the polygon [x0, y0, x1, y1, …], or within the radius of its edge. */
function rounded(radius: number, corners: readonly number[]): Inside {
  const n = corners.length;
  return (u, v) => {
    let within = false;
    for (let i = 0; i < n; i += 2) {
      const ax = corners[i]!;
      const ay = corners[i + 1]!;
      const ex = corners[(i + 2) % n]! - ax;
      const ey = corners[(i + 3) % n]! - ay;
      const px = u - ax;
      const py = v - ay;
      const t = Math.min(1, Math.max(0, (px * ex + py * ey) / (ex * ex + ey * ey)));
      const dx = px - t * ex;
      const dy = py - t * ey;
      if (dx * dx + dy * dy <= radius * radius) return true;
      // A ray to the right crosses the edge.
      if (ay > v !== ay + ey > v && px < (ex * py) / ey) within = !within;
    }
    return within;
  };
}

function starCorners(outer: number, inner: number, drop: number): number[] {
  return Array.from({length: 10}, (_, i) => {
    const r = i % 2 === 0 ? outer : inner;
    return [r * portableSinTurn(i / 10), drop - r * portableCosTurn(i / 10)];
  }).flat();
}
