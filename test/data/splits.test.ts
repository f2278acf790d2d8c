import {createHash} from "node:crypto";
import {beforeAll, describe, expect, test} from "vitest";
import {
  colours,
  type DatasetName,
  type Example,
  example,
  heldOutOf,
  type Scene,
  shapes,
  splitsOf,
  textures,
  trainSize,
  vocabularies
} from "../../data/scenes/index.js";
import {fnv} from "./digest.js";

function take(dataset: DatasetName, split: Parameters<typeof example>[1], count: number): Example[] {
  return Array.from({length: count}, (_, i) => example(dataset, split, i));
}

/** Counts of what the scenes show together, without the tables of what is held out. */
function countPairs(scenes: readonly Scene[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (...parts: unknown[]) => counts.set(parts.join(" "), (counts.get(parts.join(" ")) ?? 0) + 1);
  for (const {objects} of scenes) {
    for (const {shape, colour, texture, face} of objects) {
      add(colour, shape);
      add(colour, texture);
      add(shape, face ? "face" : "plain");
    }
    const [a, b] = objects;
    if (objects.length !== 2 || a === undefined || b === undefined) continue;
    // As the picture shows it, whichever object is named first.
    const beside = a.place.row === b.place.row;
    const [first, second] = (beside ? a.place.column < b.place.column : a.place.row < b.place.row) ? [a, b] : [b, a];
    add(first.shape, beside ? "left of" : "above", second.shape);
  }
  return counts;
}

describe.each(["xs", "s"] as const)("%s", (dataset) => {
  let train: Example[];
  let trainPairs: Map<string, number>;
  let iidPairs: Map<string, number>;
  beforeAll(() => {
    train = take(dataset, "train", trainSize(dataset));
    trainPairs = countPairs(train.map(({scene}) => scene));
    iidPairs = countPairs(take(dataset, "iid", 3000).map(({scene}) => scene));
  });

  test("each shape misses one colour and each colour at most one shape, in all of train and in iid", () => {
    const {shapes, colours} = vocabularies[dataset];
    for (const pairs of [trainPairs, iidPairs]) {
      const missing = (colour: string, shape: string) => !pairs.has(`${colour} ${shape}`);
      for (const shape of shapes) expect(colours.filter((colour) => missing(colour, shape))).toHaveLength(1);
      for (const colour of colours) expect(shapes.filter((shape) => missing(colour, shape))).toHaveLength(1);
    }
    const seen = shapes.flatMap((shape) => colours.map((colour) => trainPairs.get(`${colour} ${shape}`) ?? 0));
    const smallest = Math.min(...seen.filter((count) => count > 0));
    expect(smallest).toBeGreaterThan(train.length / 150); // every other pair is frequent
  });

  test("no image of a test split is a training image", () => {
    const digest = (one: Example) => createHash("sha1").update(one.image()).digest("base64");
    const seen = new Set(train.map(digest));
    for (const split of splitsOf(dataset).slice(1)) {
      const images = take(dataset, split, split === "iid" ? 1500 : 200);
      expect(images.filter((one) => seen.has(digest(one))).length, split).toBe(0);
    }
  });

  test("no paraphrase is a training caption", () => {
    const said = new Set(train.slice(0, 8000).map(({caption}) => caption));
    const paraphrases = take(dataset, "paraphrase", 500).map(({caption}) => caption);
    expect(paraphrases.filter((caption) => said.has(caption))).toEqual([]);
  });

  test("an example does not depend on what was read before", () => {
    const once = example(dataset, "iid", 7);
    example(dataset, "iid", 8).image();
    const again = example(dataset, "iid", 7);
    expect(again.scene).toEqual(once.scene);
    expect(again.caption).toBe(once.caption);
    expect(again.image()).toEqual(once.image());
    expect(once.captionFor(0)).toBe(once.caption);
    expect(new Set([0, 1, 2, 3, 4, 5, 6, 7].map((epoch) => once.captionFor(epoch))).size).toBeGreaterThan(1);
  });

  test("a caption has many images", () => {
    const images = new Map<string, string[]>();
    for (const one of train.slice(0, 3000)) {
      images.set(one.caption, [...(images.get(one.caption) ?? []), fnv(one.image())]);
    }
    const repeated = [...images.values()].filter((list) => list.length >= 2);
    const varied = repeated.filter((list) => new Set(list).size >= 2);
    expect(repeated.length).toBeGreaterThan(20);
    expect(varied.length / repeated.length).toBeGreaterThan(0.9);
  });

  test("every value is as frequent as the grammar says, within what is held out", () => {
    const {shapes, colours, backgrounds} = vocabularies[dataset];
    const objects = train.flatMap(({scene}) => scene.objects);
    const share = (count: number, total: number, expected: number, slack: number) => {
      expect(Math.abs(count / total - expected)).toBeLessThan(slack);
    };
    for (const shape of shapes)
      share(objects.filter((o) => o.shape === shape).length, objects.length, 1 / shapes.length, 0.04);
    for (const colour of colours)
      share(objects.filter((o) => o.colour === colour).length, objects.length, 1 / colours.length, 0.04);
    for (const ground of backgrounds) {
      share(train.filter(({scene}) => scene.background === ground).length, train.length, 1 / backgrounds.length, 0.02);
    }
    for (const row of vocabularies[dataset].thirds) {
      const alone = train.filter(({scene}) => scene.objects.length === 1);
      const count = alone.filter(({scene}) => scene.objects[0]!.place.row === row).length;
      share(count, alone.length, 1 / vocabularies[dataset].thirds.length, 0.03);
    }
  });
});

describe("what only s holds out", () => {
  let pairs: Map<string, number>;
  beforeAll(() => {
    pairs = countPairs(Array.from({length: 16_000}, (_, i) => example("s", i % 5 === 4 ? "iid" : "train", i).scene));
  });

  test("four colour-texture pairs, two faces and eight arrangements are never shown", () => {
    const unseen = (keys: string[]) => keys.filter((key) => !pairs.has(key));
    expect(unseen(colours.flatMap((colour) => textures.map((texture) => `${colour} ${texture}`)))).toHaveLength(4);
    expect(unseen(shapes.map((shape) => `${shape} face`))).toEqual(["heart face", "cloud face"]);
    const arrangements = (how: string) => unseen(shapes.flatMap((a) => shapes.map((b) => `${a} ${how} ${b}`)));
    expect(arrangements("left of")).toHaveLength(4);
    expect(arrangements("above")).toHaveLength(4);
    // The other way round, each of them is shown.
    for (const key of [...arrangements("left of"), ...arrangements("above")]) {
      const [a, ...rest] = key.split(" ");
      const b = rest.pop();
      expect(pairs.get([b, ...rest, a].join(" ")), key).toBeGreaterThan(5);
    }
  });

  test.each(["colourShape", "colourTexture", "faceShape", "relation"] as const)(
    "every scene of %s shows a pair that training never shows",
    (split) => {
      for (const {scene} of take("s", split, 300)) {
        const shown = [...countPairs([scene]).keys()];
        expect(shown.filter((key) => !pairs.has(key))).toHaveLength(1);
      }
    }
  );

  test("threeObjects shows three objects and no pair that is held out", () => {
    for (const {scene} of take("s", "threeObjects", 300)) {
      expect(scene.objects).toHaveLength(3);
      expect(scene.objects.flatMap((object) => heldOutOf("s", object))).toEqual([]);
    }
  });
});

test("example() refuses what is not there", () => {
  expect(() => example("xs", "relation", 0)).toThrow("example: expected a split of xs");
  expect(() => example("s", "train", trainSize("s"))).toThrow("got train, 40000");
  expect(() => example("s", "iid", 0.5)).toThrow("got iid, 0.5");
});
