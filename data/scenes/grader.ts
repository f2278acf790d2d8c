// Reads an image by analysis and synthesis: at every place where an object may stand, which of all looks, in the best
// colour, leaves the least error? It knows the renderer and nothing of any model.

import {
  type Background,
  type Colour,
  type ObjectSize,
  type Place,
  type SceneObject,
  type Shape,
  type Third,
  vocabularies
} from "./grammar.js";
import {boxOf, startsOf} from "./jitter.js";
import {faceInk, grounds, palette, type Rgb} from "./render.js";
import {dot, type Template, templatesOf} from "./templates.js";

export interface FoundObject extends SceneObject {
  /** Share of the box's squared difference from the background that the object explains, at most 1. */
  readonly fit: number;
  /** Upper left corner and side of its box, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly box: number;
}

export interface Reading {
  /** From the one that explains most to the one that explains least. */
  readonly objects: readonly FoundObject[];
  readonly background: Background;
}

/** What an object must explain to count: about a third of the faintest that the renderer draws (squared sRGB, summed). */
const leastGain = 50_000;
/** A blob of which less is explained is no object of the grammar. */
const leastFit = 0.55;
/** Colours may be so far from the palette's before it counts against a look (jitter reaches 20). */
const freeDistance = 25;
/** For each object, boxes looked at closely, and shapes tried in each. */
const closeBoxes = 4;
const closeShapes = 4;
const mostObjects = 3;

/** Reads uint8 RGB of 16×16 or 32×32 pixels. */
export function readScene(image: Uint8Array): Reading {
  const pixels = pixelsOf(image);
  const {background, ground} = backgroundOf(image, pixels);
  const spots = spotsOf(pixels)
    .map((spot) => firstLook(image, pixels, ground, spot))
    .filter(({gain}) => gain > leastGain)
    .sort((a, b) => b.gain - a.gain);
  const looked = promising(spots).map((spot) => closeLook(pixels, ground, spot));
  const objects = bestSet(looked.filter(({gain, energy}) => gain > leastGain && gain > leastFit * energy));
  return {objects: objects.map((look) => look.object), background};
}

function pixelsOf(image: Uint8Array): 16 | 32 {
  if (image.length === 16 * 16 * 3) return 16;
  if (image.length === 32 * 32 * 3) return 32;
  throw new Error(`readScene: expected 16×16×3 or 32×32×3 bytes, got ${image.length}`);
}

/** The background that most pixels are near, and those pixels' mean. */
function backgroundOf(image: Uint8Array, pixels: 16 | 32): {background: Background; ground: Rgb} {
  const candidates = vocabularies[pixels === 16 ? "xs" : "s"].backgrounds.map((background) => {
    const [r, g, b] = grounds[background];
    const sums = [0, 0, 0];
    let count = 0;
    for (let i = 0; i < image.length; i += 3) {
      const [dr, dg, db] = [image[i]! - r, image[i + 1]! - g, image[i + 2]! - b];
      if (dr * dr + dg * dg + db * db > 30 * 30) continue;
      sums[0]! += dr;
      sums[1]! += dg;
      sums[2]! += db;
      count += 1;
    }
    const n = Math.max(1, count);
    return {background, count, ground: [r + sums[0]! / n, g + sums[1]! / n, b + sums[2]! / n] as Rgb};
  });
  return candidates.reduce((best, candidate) => (candidate.count > best.count ? candidate : best));
}

interface Spot {
  readonly size: ObjectSize;
  readonly x: number;
  readonly y: number;
  readonly box: number;
}

/** Every place in tokens where an object may stand. */
function spotsOf(pixels: 16 | 32): Spot[] {
  return vocabularies[pixels === 16 ? "xs" : "s"].sizes.flatMap((size) => {
    const {box} = boxOf(pixels, size);
    const starts = Array.from({length: (pixels - box) / 4 + 1}, (_, i) => 4 * i);
    return starts.flatMap((y) => starts.map((x) => ({size, x, y, box})));
  });
}

interface Look extends Spot {
  /** Pixels of the box less the ground, one array a channel. */
  readonly window: readonly Float32Array[];
  /** Their squares' sum, and how much of it the best look explains. */
  readonly energy: number;
  readonly gain: number;
  /** The most that each shape explains. */
  readonly shapeGains: ReadonlyMap<Shape, number>;
}

function firstLook(image: Uint8Array, pixels: number, ground: Rgb, spot: Spot): Look {
  const {x, y, box} = spot;
  const window = ground.map((level, c) => {
    const channel = new Float32Array(box * box);
    for (let i = 0; i < box; ++i) {
      for (let j = 0; j < box; ++j) channel[i * box + j] = image[((y + i) * pixels + x + j) * 3 + c]! - level;
    }
    return channel;
  });
  const energy = window.reduce((sum, channel) => sum + dot(channel, channel), 0);
  const shapeGains = new Map<Shape, number>();
  if (energy <= leastGain) return {...spot, window, energy, gain: 0, shapeGains};
  let most = 0;
  for (const template of templatesOf(pixels as 16 | 32, spot.size)) {
    if (!template.typical) continue;
    const {gain} = explain(window, ground, template);
    if (gain > (shapeGains.get(template.shape) ?? 0)) shapeGains.set(template.shape, gain);
    if (gain > most) most = gain;
  }
  return {...spot, window, energy, gain: most, shapeGains};
}

/**
 * How much less squared error there is with this look, in its best colour, than with the ground alone.
 * Window ≈ ink (C − G) + white (255 − G) + face (F − G), in which only C is unknown: least squares in closed form.
 */
function explain(window: readonly Float32Array[], ground: Rgb, template: Template): {gain: number; colour: Colour} {
  const {ink, white, face, gram} = template;
  const [ii, iw, iF, ww, wF, FF] = gram;
  let gain = 0;
  const found: number[] = [];
  for (let c = 0; c < 3; ++c) {
    const g = ground[c]!;
    const pale = white === null ? 0 : 255 - g;
    const dark = face === null ? 0 : faceInk[c]! - g;
    const alongInk = dot(ink, window[c]!) - pale * iw - dark * iF;
    const best = alongInk / ii;
    found.push(best + g);
    const known = 2 * (pale * dot(white, window[c]!) + dark * dot(face, window[c]!));
    gain += known - pale * pale * ww - 2 * pale * dark * wF - dark * dark * FF + best * alongInk;
  }
  const {colour, distance} = nearestColour(found as unknown as Rgb);
  const excess = Math.max(0, distance - freeDistance);
  return {gain: gain - ii * excess * excess, colour};
}

const coloursOfPalette = Object.keys(palette) as Colour[];

function nearestColour([r, g, b]: Rgb): {colour: Colour; distance: number} {
  let colour: Colour = "red";
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of coloursOfPalette) {
    const [pr, pg, pb] = palette[candidate];
    const square = (r - pr) * (r - pr) + (g - pg) * (g - pg) + (b - pb) * (b - pb);
    if (square < least) {
      least = square;
      colour = candidate;
    }
  }
  return {colour, distance: Math.sqrt(least)};
}

/** The boxes that together explain most at first look, and for each a few that might stand there instead. */
function promising(spots: readonly Look[]): Look[] {
  const chosen = bestSet(spots);
  const rivals = chosen.flatMap((best) => {
    const stronger = chosen.filter((other) => other.gain > best.gain);
    return spots
      .filter((spot) => overlap(spot, best) && spot.gain > 0.6 * best.gain)
      .filter((spot) => stronger.every((other) => !overlap(spot, other)))
      .slice(0, closeBoxes);
  });
  return [...new Set([...chosen, ...rivals])];
}

interface CloseLook extends Spot {
  readonly gain: number;
  readonly energy: number;
  readonly object: FoundObject;
}

/** All looks of the likeliest shapes. */
function closeLook(pixels: 16 | 32, ground: Rgb, look: Look): CloseLook {
  const {size, x, y, box, energy} = look;
  const ranked = [...look.shapeGains].sort((a, b) => b[1] - a[1]).slice(0, closeShapes);
  const tried = new Set(ranked.map(([shape]) => shape));
  let best: Template | undefined;
  let most = Number.NEGATIVE_INFINITY;
  let bestColour: Colour = "red";
  for (const template of templatesOf(pixels, size)) {
    if (!tried.has(template.shape)) continue;
    const {gain, colour} = explain(look.window, ground, template);
    if (gain > most) {
      most = gain;
      best = template;
      bestColour = colour;
    }
  }
  const {shape, texture, hasFace} = best!;
  const place: Place = {row: thirdOf(pixels, size, y), column: thirdOf(pixels, size, x)};
  const object = {shape, colour: bestColour, texture, size, place, face: hasFace, fit: most / energy, x, y, box};
  return {size, x, y, box, gain: most, energy, object};
}

/** The third to which a box belongs that begins here. */
function thirdOf(pixels: 16 | 32, size: ObjectSize, start: number): Third {
  const third = vocabularies[pixels === 16 ? "xs" : "s"].thirds.find((t) => startsOf(pixels, size, t).includes(start));
  return third ?? 1; // a large object one token off the middle
}

/** The boxes that do not overlap and together explain most; each must be worth its keep. */
function bestSet<T extends Spot & {readonly gain: number}>(looks: readonly T[]): T[] {
  let best: T[] = [];
  let most = 0;
  const extend = (set: T[], from: number, total: number) => {
    if (total > most) {
      most = total;
      best = set;
    }
    if (set.length === mostObjects) return;
    for (let i = from; i < looks.length; ++i) {
      const look = looks[i]!;
      if (set.some((other) => overlap(look, other))) continue;
      extend([...set, look], i + 1, total + look.gain - leastGain);
    }
  };
  extend([], 0, 0);
  return best.sort((a, b) => b.gain - a.gain);
}

function overlap(a: Spot, b: Spot): boolean {
  return a.x < b.x + b.box && b.x < a.x + a.box && a.y < b.y + b.box && b.y < a.y + a.box;
}
