// The colours of src/style/tokens.css: contrast, and how far apart they stay for readers with colour blindness.

import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";

const css = readFileSync(new URL("../../src/style/tokens.css", import.meta.url), "utf8");
const meanings = ["image", "encoder", "codes", "decoder", "prior", "text"];
const schemes = ["light", "dark"] as const;

type Rgb = readonly [number, number, number];

function colour(name: string, scheme: (typeof schemes)[number]): Rgb {
  const found = new RegExp(`\\n  --${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  if (!found) throw new Error(`colour: expected --${name}: light-dark(#…, #…), got none`);
  const hex = found[scheme === "light" ? 1 : 2]!;
  return [1, 3, 5].map((i) => linear(Number.parseInt(hex.slice(i, i + 2), 16) / 255)) as unknown as Rgb;
}

const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2's ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

type Matrix = readonly (readonly [number, number, number])[];
const apply = (matrix: Matrix, v: Rgb): Rgb =>
  matrix.map(([a, b, c]) => a * v[0] + b * v[1] + c * v[2]) as unknown as Rgb;

// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
const visions: Record<string, Matrix> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039]
  ]
};

/** OKLab (Ottosson 2020). */
function oklab(rgb: Rgb): Rgb {
  const clipped = rgb.map((c) => Math.min(1, Math.max(0, c))) as unknown as Rgb;
  const lms = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005]
    ],
    clipped
  ).map(Math.cbrt) as unknown as Rgb;
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766]
    ],
    lms
  );
}

const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each(schemes)("%s", (scheme) => {
  test.each([...meanings, "ink", "ink-soft", "danger"])("--%s has a contrast of 4.5 with page and surface", (name) => {
    for (const ground of ["page", "surface"]) {
      expect(contrast(colour(name, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("edges of controls have a contrast of 3", () => {
    for (const ground of ["page", "surface", "raised"]) {
      expect(contrast(colour("edge", scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(3);
    }
  });

  // 0.02 in OKLab is about the smallest difference that is seen; 0.06 is seen without looking for it.
  test.each(Object.keys(visions))("the six stay apart with %s vision", (vision) => {
    const labs = meanings.map((name) => ({name, lab: oklab(apply(visions[vision]!, colour(name, scheme)))}));
    const near = labs.flatMap((a, i) =>
      labs
        .slice(i + 1)
        .map((b) => ({pair: `${a.name}, ${b.name}`, apart: distance(a.lab, b.lab)}))
        .filter(({apart}) => apart < 0.06)
    );
    expect(near).toEqual([]);
  });
});
