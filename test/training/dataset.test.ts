import {describe, expect, test} from "vitest";
import {BatchSource} from "../../components/training/dataset.js";
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
