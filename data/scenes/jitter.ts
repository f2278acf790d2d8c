// What a caption never says. All of it moves in steps, so that the images of a world are finite in number and can be
// dealt out to training and test (splits.ts).

import type {Stream} from "../random.js";
import {backgrounds, colours, type ObjectSize, type Scene, shapes, sizes, type Third, textures} from "./grammar.js";

export interface JitterConfig {
  /** Turn of the colour about the grey axis, in radians: steps between −reach and +reach. */
  readonly hue: Steps;
  /** Share by which a colour goes towards white (+) or black (−). */
  readonly lightness: Steps;
  /** Share by which the object grows or shrinks. */
  readonly scale: Steps;
  /** The same for the background's lightness. */
  readonly background: Steps;
  /** Whether a small object may stand one token (4 pixels) off, within its third. */
  readonly shift: boolean;
}
export interface Steps {
  readonly count: number;
  readonly reach: number;
}

/** By the side of the image. */
export const jitterConfig: Readonly<Record<16 | 32, JitterConfig>> = {
  16: {
    hue: {count: 5, reach: 0.06},
    lightness: {count: 5, reach: 0.06},
    scale: {count: 2, reach: 0.03},
    background: {count: 1, reach: 0},
    shift: false
  },
  32: {
    hue: {count: 3, reach: 0.05},
    lightness: {count: 3, reach: 0.04},
    scale: {count: 2, reach: 0.03},
    background: {count: 1, reach: 0},
    shift: true
  }
};

/** The steps drawn for one image, each in 0 … count − 1. */
export interface Jitter {
  readonly objects: readonly ObjectJitter[];
  readonly background: number;
}
export interface ObjectJitter {
  readonly hue: number;
  readonly lightness: number;
  readonly scale: number;
  /** The box's upper left corner in pixels, a multiple of 4. */
  readonly x: number;
  readonly y: number;
}

/** Side of an object's box, and of the shape in it at scale 1, in pixels. */
export const boxes: Readonly<Record<ObjectSize, {readonly box: number; readonly extent: number}>> = {
  small: {box: 12, extent: 11.6},
  large: {box: 16, extent: 15.5}
};
/** In the 16-pixel world there is one size, of three tokens. */
export const boxXs = {box: 12, extent: 11.6};

/**
 * Where the box may begin, in pixels, for each third. Left and right lie wholly in their half of the image; the middle
 * straddles the middle line. The first is where it stands without jitter.
 */
const starts = {
  16: {small: [[0], [], [4]], large: [[0], [], [4]]},
  32: {
    small: [
      [0, 4],
      [8, 12],
      [20, 16]
    ],
    large: [[0], [8], [16]]
  }
} as const satisfies Record<16 | 32, Record<ObjectSize, readonly (readonly number[])[]>>;

/** All starts of a size, for each third. */
export function startsOf(pixels: 16 | 32, size: ObjectSize, third: Third): readonly number[] {
  return starts[pixels][size][third]!;
}

export function boxOf(pixels: 16 | 32, size: ObjectSize): {readonly box: number; readonly extent: number} {
  return pixels === 16 ? boxXs : boxes[size];
}

/** Draws the unsaid; null gives the middle of every range. */
export function drawJitter(scene: Scene, pixels: 16 | 32, stream: Stream | null): Jitter {
  const config = jitterConfig[pixels];
  const background = drawStep(config.background, stream);
  const objects = scene.objects.map(({size, place}) => {
    const hue = drawStep(config.hue, stream);
    const lightness = drawStep(config.lightness, stream);
    const scale = drawStep(config.scale, stream);
    const start = (third: Third) => {
      const choices = startsOf(pixels, size, third);
      const shift = config.shift && stream !== null && choices.length > 1;
      const x = shift ? stream.pick(choices) : choices[0];
      if (x === undefined) throw new Error(`drawJitter: expected a place of the ${pixels}-pixel world, got ${third}`);
      return x;
    };
    return {hue, lightness, scale, x: start(place.column), y: start(place.row)};
  });
  return {objects, background};
}

/** The value of a step: −reach for the first, +reach for the last. */
export function stepValue({count, reach}: Steps, step: number): number {
  return count < 2 ? 0 : (reach * (2 * step - (count - 1))) / (count - 1);
}

function drawStep({count}: Steps, stream: Stream | null): number {
  return stream === null ? Math.floor(count / 2) : stream.int(count);
}

/** Names an image by whole numbers: equal keys, equal pixels, in whatever order the objects are listed. */
export function imageKey(scene: Scene, jitter: Jitter): number[] {
  const objects = scene.objects.map((object, i) => {
    const {x, y, hue, lightness, scale} = jitter.objects[i]!;
    const digits: readonly (readonly [value: number, base: number])[] = [
      [y / 4, 8],
      [x / 4, 8],
      [shapes.indexOf(object.shape), 8],
      [colours.indexOf(object.colour), 8],
      [textures.indexOf(object.texture), 4],
      [sizes.indexOf(object.size), 2],
      [Number(object.face), 2],
      [hue, 16],
      [lightness, 16],
      [scale, 16]
    ];
    return digits.reduce((key, [value, base]) => key * base + value, 0);
  });
  return [backgrounds.indexOf(scene.background) * 16 + jitter.background, ...objects.sort((a, b) => a - b)];
}
