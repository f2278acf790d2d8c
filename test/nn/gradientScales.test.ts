import {expect, test} from "vitest";
import {type BlockScale, nextScale, paperScaleRule} from "../../components/nn/gradientScales.js";

const rule = paperScaleRule();

function run(start: number, overflows: (step: number, scale: number) => boolean, steps: number): BlockScale[] {
  const path: BlockScale[] = [{scale: start, divided: Number.NEGATIVE_INFINITY}];
  for (let step = 0; step < steps; ++step) {
    path.push(nextScale(path.at(-1)!, overflows(step, path.at(-1)!.scale), step, rule));
  }
  return path;
}

test("the paper's constants, times the number of GPUs", () => {
  expect(rule).toMatchObject({initial: 8192, smallest: 128, largest: 16_777_216, window: 125});
  expect(paperScaleRule(1024)).toMatchObject({initial: 2 ** 23, smallest: 2 ** 17, largest: 2 ** 34});
});

test("a thousand clean updates double a scale; never beyond the largest", () => {
  expect(run(8192, () => false, 1000).at(-1)!.scale).toBeCloseTo(16_384, 6);
  expect(run(2 ** 23.9, () => false, 500).at(-1)!.scale).toBe(2 ** 24);
});

test("two overflows within the window divide once, the next after it again; never below the smallest", () => {
  const path = run(8192, (step) => [10, 11, 134, 135].includes(step), 140);
  const falls = path.flatMap(({scale}, i) => (i > 0 && scale < path[i - 1]!.scale ? [i - 1] : []));
  expect(falls).toEqual([10, 135]);
  expect(path[11]!.scale / path[10]!.scale).toBeCloseTo(Math.SQRT1_2, 12);
  expect(path[12]!.scale).toBe(path[11]!.scale); // an overflow within the window changes nothing
  expect(run(150, () => true, 1000).at(-1)!.scale).toBe(128);
});

test("with a window of 1 every overflow divides", () => {
  const eager = {...rule, window: 1};
  let one = {scale: 8192, divided: Number.NEGATIVE_INFINITY};
  for (let step = 0; step < 4; ++step) one = nextScale(one, true, step, eager);
  expect(one.scale).toBeCloseTo(2048, 6);
});
