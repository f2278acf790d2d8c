// Distances between sets of images under a blur, with features that can be foreseen.

import {describe, expect, test} from "vitest";
import {
  blurRadii,
  type FrechetFile,
  labelScore,
  measureSets,
  packed,
  unpacked
} from "../../components/training/setDistance.js";
import {stream} from "../../data/random.js";
import {fakeCompare, fakeEmbed} from "../figures/fakeImages.js";

/** Flat images of 8 × 8 pixels, their grey drawn around a level; with a checker of so many levels on top. */
function flat(name: string, count: number, level: number, checker = 0): Uint8Array[] {
  const draws = stream(3, "setDistance", name);
  return Array.from({length: count}, () => {
    const grey = level + 10 * draws.normal();
    return Uint8Array.from({length: 8 * 8 * 3}, (_, i) => {
      const pixel = Math.floor(i / 3);
      return grey + checker * (((pixel % 8) + Math.floor(pixel / 8)) % 2 === 0 ? 1 : -1);
    });
  });
}

/** All pixels as they are: what no blur changes is the mean. */
const pixels = {
  embed: async ({shape, data}: Parameters<typeof fakeEmbed>[0]) => ({
    shape: [shape[0]!, 12],
    data: Float32Array.from({length: shape[0]! * 12}, (_, i) => data[Math.floor(i / 12) * 192 + (i % 12)]! / 255)
  })
};

describe("measureSets(features, reference, sets, options)", () => {
  test("a set of the same kind is near, one of another level is far", async () => {
    const curves = await measureSets(
      {embed: async (images) => fakeEmbed(images)},
      flat("reference", 60, 100),
      {true: flat("true", 60, 100), drawn: flat("drawn", 60, 160)},
      {radii: [0]}
    );
    const [drawn, same] = ["drawn", "true"].map((name) => curves!.find(({set}) => set === name)!.distances[0]!);
    expect(same!).toBeGreaterThanOrEqual(0);
    expect(drawn!).toBeGreaterThan(20 * same!);
  });

  test("a blur takes away a difference that lies in fine detail alone", async () => {
    const sets = {drawn: flat("drawn", 40, 100, 60)};
    const curves = await measureSets(pixels, flat("reference", 40, 100), sets, {radii: [0, 2]});
    const [sharp, soft] = curves![0]!.distances;
    expect(soft!).toBeLessThan(sharp! / 20);
  });

  test("more images than fit a batch are all looked at", async () => {
    const seen: number[] = [];
    const embed = async (images: Parameters<typeof fakeEmbed>[0]) => {
      seen.push(images.shape[0]!);
      return fakeEmbed(images);
    };
    await measureSets({embed}, flat("reference", 70, 100), {true: flat("true", 33, 100)}, {radii: [0]});
    expect(seen).toEqual([32, 32, 6, 32, 1]);
  });

  test("it can be ended, and tells how far it is", async () => {
    const told: number[] = [];
    const sets = {true: flat("true", 8, 100), drawn: flat("drawn", 8, 100)};
    const onProgress = (done: number) => told.push(done) < 4;
    const features = {embed: async (images: Parameters<typeof fakeEmbed>[0]) => fakeEmbed(images)};
    expect(await measureSets(features, flat("reference", 8, 100), sets, {radii: [0, 1], onProgress})).toBeNull();
    expect(told).toEqual([1 / 6, 2 / 6, 3 / 6, 4 / 6]);
  });

  test("a score is measured where there are prompts", async () => {
    const features = {
      embed: async (images: Parameters<typeof fakeEmbed>[0]) => fakeEmbed(images),
      compare: async (captions: readonly string[], images: Parameters<typeof fakeEmbed>[0]) =>
        fakeCompare(captions, images)
    };
    const prompts = ["a red circle", "a blue square"];
    const curves = await measureSets(
      features,
      flat("reference", 8, 90),
      {drawn: flat("drawn", 8, 90)},
      {radii: [0], prompts}
    );
    expect(curves![0]!.scores).toHaveLength(1);
    expect(curves![0]!.scores![0]!).toBeGreaterThanOrEqual(1);
    expect(curves![0]!.scores![0]!).toBeLessThanOrEqual(2);
  });
});

describe("labelScore(rows)", () => {
  test("is 1 where all images have the same labels, K where each is sure of another", () => {
    expect(
      labelScore([
        [0.2, 0.8],
        [0.2, 0.8]
      ])
    ).toBeCloseTo(1, 12);
    expect(
      labelScore([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1]
      ])
    ).toBeCloseTo(3, 12);
    expect(
      labelScore([
        [1, 0],
        [1, 0],
        [1, 0],
        [0, 1]
      ])
    ).toBeCloseTo(Math.exp(0.75 * Math.log(4 / 3) + 0.25 * Math.log(4)), 12);
  });
});

test("packed() and unpacked() are each other's inverse", () => {
  const images = flat("packed", 3, 120, 5);
  expect(packed(images).shape).toEqual([3, 8, 8, 3]);
  expect(unpacked(packed(images))).toEqual(images);
});

test("the stored file's runs are of this build's radii, and say how they were made", async () => {
  const {default: file} = (await import("../../data/frechet.json")) as {default: FrechetFile};
  expect(file.command).toContain("scripts/frechet.ts");
  for (const {radii, curves} of file.runs) {
    expect(radii).toEqual(blurRadii);
    for (const {distances} of curves) expect(distances).toHaveLength(radii.length);
  }
});
