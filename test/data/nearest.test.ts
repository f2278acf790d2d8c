import {describe, expect, test} from "vitest";
import {stream} from "../../data/random.js";
import {noisy} from "../../data/scenes/damage.js";
import {
  example,
  heldOutOf,
  marginalImage,
  NearestCaption,
  NearestTraining,
  readScene,
  trainSize
} from "../../data/scenes/index.js";

describe("NearestTraining", () => {
  const search = new NearestTraining("xs");
  test("must be made ready, in pieces", () => {
    expect(() => search.find(example("xs", "train", 0).image())).toThrow("a search made ready");
    expect(search.prepare(1000)).toBe(false);
    expect(search.made).toBe(1000);
    expect(search.prepare(trainSize("xs"))).toBe(true);
  });

  test("finds a training image again, also under noise", () => {
    const {image} = example("xs", "train", 4321);
    expect(search.find(image())).toMatchObject({rmse: 0, exact: true, image: image()});
    expect(search.find(noisy(image(), 1, stream(1))).image).toEqual(image());
  });

  test("gives the image that a full search gives", () => {
    for (const i of [0, 1]) {
      const image = noisy(example("xs", "colourShape", i).image(), 10, stream(2, i));
      let least = Number.POSITIVE_INFINITY;
      for (let n = 0; n < trainSize("xs"); ++n) {
        const other = example("xs", "train", n).image();
        least = Math.min(
          least,
          other.reduce((sum, value, k) => sum + (value - image[k]!) ** 2, 0)
        );
      }
      const found = search.find(image);
      expect(found.exact).toBe(true);
      expect(found.rmse).toBeCloseTo(Math.sqrt(least / image.length), 10);
    }
  });
});

test("NearestCaption read in pieces answers as one read at once, from what it has read", () => {
  const pieces = new NearestCaption("xs", 0);
  while (!pieces.prepare(1700));
  const whole = new NearestCaption("xs");
  for (const place of [0, 5, 9]) {
    const {caption} = example("xs", "paraphrase", place);
    expect(pieces.find(caption).caption).toBe(whole.find(caption).caption);
  }
  const few = new NearestCaption("xs", 3);
  const read = [0, 1, 2].map((i) => example("xs", "train", i).caption);
  expect(read).toContain(few.find(example("xs", "train", 4000).caption).caption);
});

test("NearestCaption.find() gives an example whose caption is the same, if there is one", () => {
  const captions = new NearestCaption("s", 3000);
  const {caption} = example("s", "train", 1234);
  expect(new Set(captions.find(caption).caption.split(" "))).toEqual(new Set(caption.split(" ")));
  expect(captions.find("zzz").caption).toBe(example("s", "train", 0).caption);
});

test("marginalImage() draws each attribute by itself, so that some pairs are held-out ones", () => {
  const held = Array.from({length: 100}, (_, i) => readScene(marginalImage("s", 1, stream(4, i))).objects[0]!).filter(
    (object) => heldOutOf("s", object).length > 0
  );
  expect(held.length).toBeGreaterThan(5);
});
