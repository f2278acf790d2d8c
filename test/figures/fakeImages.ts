// Flat shapes and a codebook of their patches, for the fake engine.

import type {ArrayPayload, ProbeResult, Similarities} from "../../components/training/protocol.js";
import {stream} from "../../data/random.js";

export const words = ["red", "blue", "green", "yellow", "purple", "orange", "circle", "square", "star", "triangle"];
const colours: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [214, 60, 55],
  blue: [52, 104, 192],
  green: [64, 150, 84],
  yellow: [232, 190, 64],
  purple: [132, 84, 168],
  orange: [232, 132, 52]
};
export const shapes = ["circle", "square", "star", "triangle"];

/** A flat shape, uint8 [side · side · 3], placed by the seed. */
export function fakeImage(caption: string, seed: number, side: number): Uint8Array {
  const random = stream(seed, "fake", caption);
  const colour = colours[Object.keys(colours).find((name) => caption.includes(name)) ?? "red"]!;
  const shape = shapes.find((name) => caption.includes(name)) ?? "star";
  const radius = side * (caption.includes("small") ? 0.2 : 0.34);
  const at = (low: string, high: string) => (caption.includes(low) ? 0.3 : caption.includes(high) ? 0.7 : 0.5);
  const cx = side * (at("left", "right") + 0.06 * (random.uniform() - 0.5));
  const cy = side * (at("top", "bottom") + 0.06 * (random.uniform() - 0.5));
  const ground = [240, 236, 226] as const;
  const pixels = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      let hits = 0;
      for (let s = 0; s < 4; ++s) {
        if (inside(shape, (x + 0.25 + 0.5 * (s % 2) - cx) / radius, (y + 0.25 + 0.5 * (s >> 1) - cy) / radius))
          hits += 1;
      }
      for (let c = 0; c < 3; ++c) {
        pixels[(y * side + x) * 3 + c] = Math.round(ground[c]! + ((colour[c]! - ground[c]!) * hits) / 4);
      }
    }
  }
  return pixels;
}

function inside(shape: string, x: number, y: number): boolean {
  const r = Math.hypot(x, y);
  if (shape === "circle") return r < 1;
  if (shape === "square") return Math.max(Math.abs(x), Math.abs(y)) < 0.85;
  if (shape === "triangle") return y < 0.7 && y > -0.9 && Math.abs(x) < (y + 0.9) * 0.6;
  const turn = (((Math.atan2(x, -y) / (2 * Math.PI)) * 5) % 1) + 1;
  const t = Math.abs((turn % 1) - 0.5) * 2; // 1 at a tip
  return r < 0.45 + 0.6 * t ** 1.6;
}

export interface Codebook {
  readonly patch: number;
  readonly patches: Uint8Array;
  readonly codes: number;
}

export function makeCodebook(side: number, codes: number): Codebook {
  const patch = 4;
  const length = patch * patch * 3;
  const found: Uint8Array[] = [];
  for (let i = 0; found.length < codes && i < 600; ++i) {
    const caption = `a ${words[i % 6]} ${shapes[i % 4]} ${i % 3 === 0 ? "left" : i % 3 === 1 ? "right" : ""}`;
    for (const piece of cut(fakeImage(caption, i, side), side, patch)) {
      const near = found.some((other) => distance(other, piece) < 900 * (codes > 100 ? 1 : 6));
      if (!near && found.length < codes) found.push(piece);
    }
  }
  const patches = new Uint8Array(codes * length).fill(240);
  for (const [i, piece] of found.entries()) patches.set(piece, i * length);
  return {patch, patches, codes};
}

export function cut(image: Uint8Array, side: number, patch: number): Uint8Array[] {
  const grid = side / patch;
  return Array.from({length: grid * grid}, (_, n) => {
    const piece = new Uint8Array(patch * patch * 3);
    for (let y = 0; y < patch; ++y) {
      const from = ((Math.floor(n / grid) * patch + y) * side + (n % grid) * patch) * 3;
      piece.set(image.subarray(from, from + patch * 3), y * patch * 3);
    }
    return piece;
  });
}

export function distance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += (a[i]! - b[i]!) ** 2;
  return sum / 3;
}

/** A stand-in for CLIP: cosines from how near an image is to the one that the caption would have drawn. */
export function fakeCompare(captions: readonly string[], {shape, data}: ArrayPayload): Similarities {
  const [n = 0, side = 0] = shape;
  const size = side * side * 3;
  const rows = captions.map((caption) => {
    const wanted = fakeImage(caption, 1, side);
    return Array.from({length: n}, (_, i) => {
      const squares = wanted.reduce((sum, value, j) => sum + (value - data[i * size + j]!) ** 2, 0);
      return 1 - Math.sqrt(squares / size) / 128;
    });
  });
  return {
    textToImage: {shape: [captions.length, n], data: Float32Array.from(rows.flat())},
    imageToText: {
      shape: [n, captions.length],
      data: Float32Array.from(
        {length: n * captions.length},
        (_, i) => rows[i % captions.length]![Math.floor(i / captions.length)]!
      )
    },
    scale: 20
  };
}

/** A stand-in for CLIP's image vectors: the mean colours of the four quarters. */
export function fakeEmbed({shape, data}: ArrayPayload): ArrayPayload {
  const [n = 0, side = 0] = shape;
  const vectors = new Float32Array(n * 12);
  for (let i = 0; i < data.length; ++i) {
    const pixel = Math.floor(i / 3) % (side * side);
    const quarter = 2 * Number(pixel >= (side * side) / 2) + Number(pixel % side >= side / 2);
    vectors[Math.floor(i / (side * side * 3)) * 12 + quarter * 3 + (i % 3)]! += data[i]! / (64 * side * side);
  }
  return {shape: [n, 12], data: vectors};
}

/** The CLIP task's probe: pairs that differ the more the less is left of the loss. */
export function fakeSimilarity(n: number, side: number, left: number): ProbeResult {
  const size = side * side * 3;
  const data = new Uint8Array(n * size);
  for (let i = 0; i < n; ++i) data.set(fakeImage(`a ${words[i % 6]} ${shapes[i % 4]}`, i, side), i * size);
  const cosines = Float32Array.from({length: n * n}, (_, i) =>
    Math.floor(i / n) === i % n ? 0.9 : left + (1 - left) * (0.3 + 0.02 * (i % 7))
  );
  const turned = Float32Array.from(cosines, (_, i) => cosines[(i % n) * n + Math.floor(i / n)]!);
  return {
    cosines: {shape: [n, n], data: cosines},
    imageCosines: {shape: [n, n], data: turned},
    places: {shape: [n], data: Int32Array.from({length: n}, (_, i) => i)},
    images: {shape: [n, side, side, 3], data},
    scale: {shape: [1], data: Float32Array.of(20)}
  };
}
