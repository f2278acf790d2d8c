import {describe, expect, test} from "vitest";
import {BatchSource, trainingSource} from "../../components/training/dataset.js";
import {stream} from "../../data/random.js";
import {example, trainSize} from "../../data/scenes/index.js";

const order = (seed: number) => stream(seed, "test", "order");
const source = (seed = 1, batchSize = 32) => new BatchSource("xs", "train", batchSize, order(seed));

describe("BatchSource.at(step)", () => {
  test("depends on the stream and the step alone: a resumed run goes on in the same order", () => {
    const whole = source();
    const batches = [0, 1, 2, 3].map((step) => whole.at(step));
    const resumed = source();
    expect(resumed.at(3)).toEqual(batches[3]);
    expect(resumed.at(1)).toEqual(batches[1]); // back again after a roll-back
    expect(source(2).at(0).indices).not.toEqual(batches[0]!.indices);
  });

  test("gives every example once an epoch, in another order and in other words each time", () => {
    const size = trainSize("xs");
    const batchSize = size / 8;
    const seen = source(1, batchSize);
    const epoch = (n: number) => Array.from({length: 8}, (_, i) => seen.at(n * 8 + i).indices).flat();
    const [first, second] = [epoch(0), epoch(1)];
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({length: size}, (_, i) => i));
    expect([...second].sort((a, b) => a - b)).toEqual(Array.from({length: size}, (_, i) => i));
    expect(second).not.toEqual(first);
  });

  test("crosses from one epoch into the next inside a batch", () => {
    const size = trainSize("xs");
    const batchSize = 3; // does not divide the size
    expect(size % batchSize).not.toBe(0);
    const seen = source(1, batchSize);
    const last = Math.floor(size / batchSize);
    const across = seen.at(last);
    expect(across.indices.length).toBe(batchSize);
    expect(seen.at(last)).toEqual(across);
  });

  test("holds the images and captions of its examples", () => {
    const {images, captions, indices} = source().at(5);
    expect(images.shape).toEqual([32, 16, 16, 3]);
    indices.forEach((index, i) => {
      const shown = example("xs", "train", index);
      expect(images.data.subarray(i * 768, (i + 1) * 768)).toEqual(shown.image());
      expect(captions[i]).toBe(shown.captionFor(0));
    });
    expect(source().captions(5)).toEqual(captions);
  });

  test("cut into rows is the whole", () => {
    const whole = source().at(2);
    const [top, bottom] = [source().at(2, 0, 20), source().at(2, 20, 32)];
    expect([...top.indices, ...bottom.indices]).toEqual(whole.indices);
    expect([...top.images.data, ...bottom.images.data]).toEqual([...whole.images.data]);
  });
});

describe("trainingSource(recipe, order)", () => {
  const pairs = (kept: number) => {
    const seen = trainingSource({dataset: "xs", batchSize: 500, coloursAShape: kept}, order(1), false);
    const {indices} = seen.at(0);
    return new Set(
      indices
        .map((index) => example("xs", "train", index).scene.objects[0]!)
        .map(({colour, shape}) => `${colour} ${shape}`)
    );
  };

  test("of all pairs is the training set as it is", () => {
    const all = trainingSource({dataset: "xs", batchSize: 32, coloursAShape: 5}, order(1));
    expect(all.at(3)).toEqual(source().at(3));
  });

  test.each([5, 4, 3, 2, 1])("shows each shape in %i colours, and each colour on as many shapes", (kept) => {
    const seen = [...pairs(kept)].map((pair) => pair.split(" "));
    expect(seen.length).toBe(6 * kept);
    for (const part of [0, 1]) {
      for (const name of new Set(seen.map((pair) => pair[part]))) {
        expect(seen.filter((pair) => pair[part] === name).length).toBe(kept);
      }
    }
    const fewer = kept > 1 ? [...pairs(kept - 1)] : [];
    for (const pair of fewer) expect(seen.map((two) => two.join(" "))).toContain(pair);
  });

  test("throws for no colour, or more than there are", () => {
    for (const kept of [0, 6, 2.5]) {
      expect(() => trainingSource({dataset: "xs", batchSize: 8, coloursAShape: kept}, order(1))).toThrow(
        "expected 1 to 5"
      );
    }
  });
});
