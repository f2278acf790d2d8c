import {describe, expect, test} from "vitest";
import {
  type DatasetName,
  example,
  type FoundObject,
  gradeReading,
  knownWords,
  parseCaption,
  type Reading,
  type Scene,
  splitsOf,
  type WantedObject
} from "../../data/scenes/index.js";

/** What a grader that makes no mistake would read. */
function truth(scene: Scene): Reading {
  const objects = scene.objects.map((object): FoundObject => {
    const {row, column} = object.place;
    return {...object, fit: 1, x: 10 * column, y: 10 * row, box: 12};
  });
  return {objects, background: scene.background};
}

const datasets: readonly DatasetName[] = ["xs", "s"];
const splits = datasets.flatMap((dataset) => splitsOf(dataset).map((split) => [dataset, split] as const));

test.each(splits)("%s %s: the scene is all that its captions ask for", (dataset, split) => {
  for (let i = 0; i < 200; ++i) {
    const {scene, captionFor} = example(dataset, split, i);
    for (const epoch of [0, 1]) {
      const caption = captionFor(epoch);
      const {wanted, unknownWords} = parseCaption(caption, dataset);
      const right = wanted.objects.length === scene.objects.length && gradeReading(truth(scene), wanted).allNamed;
      const known = split === "paraphrase" || unknownWords.length === 0;
      if (!right || !known) expect.fail(`${caption}: ${JSON.stringify({wanted, unknownWords, scene})}`);
    }
  }
});

test("captions name nearly always shape and colour, and each other attribute sometimes", () => {
  const objects = Array.from({length: 1500}, (_, i) => parseCaption(example("s", "train", i).caption).wanted.objects);
  const alone = objects.filter((list) => list.length === 1).map(([object]) => object!);
  const share = (said: (object: WantedObject) => boolean) => alone.filter(said).length / alone.length;
  expect(share(({shape}) => shape !== null)).toBeGreaterThan(0.94);
  expect(share(({colour}) => colour !== null)).toBeGreaterThan(0.88);
  for (const name of ["size", "texture", "face"] as const) {
    expect(share((object) => object[name] !== null)).toBeGreaterThan(0.2);
    expect(share((object) => object[name] !== null)).toBeLessThan(0.7);
  }
});

test.each(["colourShape", "colourTexture", "faceShape", "relation"] as const)("%s: the caption names it", (split) => {
  for (let i = 0; i < 300; ++i) {
    const {wanted} = parseCaption(example("s", split, i).caption);
    const [object] = wanted.objects;
    if (split === "relation") expect(wanted.relation).not.toBeNull();
    if (split === "colourShape") expect([object?.shape, object?.colour]).not.toContain(null);
    if (split === "colourTexture") expect([object?.texture, object?.colour]).not.toContain(null);
    if (split === "faceShape") expect([object?.shape, object?.face]).not.toContain(null);
  }
});

describe("knownWords", () => {
  test.each(datasets)("of %s are exactly those of the training captions", (dataset) => {
    const count = dataset === "xs" ? 1000 : 8000;
    const used = new Set<string>();
    for (let i = 0; i < count; ++i) {
      for (const word of example(dataset, "train", i).caption.split(/[ ,]+/)) used.add(word);
    }
    expect([...used].sort()).toEqual(knownWords(dataset));
  });
});

const nothing: WantedObject = {
  shape: null,
  colour: null,
  texture: null,
  size: null,
  face: null,
  place: {row: null, column: null}
};

describe("parseCaption", () => {
  const one = (caption: string) => parseCaption(caption).wanted.objects;

  test("reads the example of the home page", () => {
    expect(one("A small red star with a face, top left.")).toEqual([
      {...nothing, shape: "star", colour: "red", size: "small", face: true, place: {row: 0, column: 0}}
    ]);
  });

  test("keeps attributes with their object", () => {
    expect(
      parseCaption("a large red circle with a smile left of a little striped blue square, at night").wanted
    ).toEqual({
      objects: [
        {...nothing, shape: "circle", colour: "red", size: "large", face: true},
        {...nothing, shape: "square", colour: "blue", size: "small", texture: "striped"}
      ],
      relation: "left of",
      background: "night"
    });
    expect(one("a red star, a blue heart and a green cloud").map(({colour}) => colour)).toEqual([
      "red",
      "blue",
      "green"
    ]);
    expect(one("the star is red and the heart is blue").map(({colour}) => colour)).toEqual(["red", "blue"]);
  });

  test.each([
    ["a red star above a blue heart", "above"],
    ["a red star has a blue heart to its left", "right of"],
    ["a red star has a blue heart below it", "above"],
    ["to the left of a red star sits a blue heart", "right of"],
    ["a red star and a blue heart", null]
  ])("%s", (caption, relation) => {
    const {wanted} = parseCaption(caption);
    expect(wanted.objects.map(({shape}) => shape)).toEqual(["star", "heart"]);
    expect(wanted.relation).toBe(relation);
  });

  test("names each unknown word once", () => {
    expect(parseCaption("a red dog on a red rocket, a dog!").unknownWords).toEqual(["dog", "rocket"]);
    expect(parseCaption("a striped star", "xs").unknownWords).toEqual(["striped"]);
  });

  test("makes nothing of nothing", () => {
    expect(parseCaption("")).toEqual({wanted: {objects: [], background: null, relation: null}, unknownWords: []});
    expect(one("red, top left")).toEqual([{...nothing, colour: "red", place: {row: 0, column: 0}}]);
  });
});
