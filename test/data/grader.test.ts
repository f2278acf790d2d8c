import {describe, expect, test} from "vitest";
import {stream} from "../../data/random.js";
import {blurred, noisy} from "../../data/scenes/damage.js";
import {
  example,
  type FoundObject,
  grade,
  gradeReading,
  parseCaption,
  type Reading,
  readScene,
  renderScene,
  type Scene,
  type SceneObject
} from "../../data/scenes/index.js";
import {rightness} from "../../data/scenes/rightness.js";

const base: SceneObject = {
  shape: "circle",
  colour: "red",
  texture: "solid",
  size: "large",
  place: {row: 1, column: 1},
  face: false
};
const scene = (...objects: SceneObject[]): Scene => ({objects, background: "sand", relation: null});
const draw = (...objects: SceneObject[]) => renderScene(scene(...objects), {pixels: 32, jitter: null});

describe("readScene", () => {
  const damages = {
    clean: (image: Uint8Array) => image,
    blurred: (image: Uint8Array) => blurred(image, 0.8),
    noisy: (image: Uint8Array, i: number) => noisy(image, 12, stream(1, "noise", i))
  };
  const rows = (["xs iid", "s iid", "s faceShape", "s colourShape", "s threeObjects"] as const).flatMap((name) =>
    (Object.keys(damages) as (keyof typeof damages)[]).map((damage) => [name, damage] as const)
  );
  test.each(rows)("%s, %s: reads at least 99 % of the images wholly right", (name, damage) => {
    const [dataset, split] = name.split(" ") as ["s", "iid"];
    const count = 100;
    let right = 0;
    for (let i = 0; i < count; ++i) {
      const one = example(dataset, split, i);
      right += rightness(damages[damage](one.image(), i), one.scene).all;
    }
    expect(right / count).toBeGreaterThanOrEqual(0.99);
  });

  test("finds nothing in an empty image, whatever its noise", () => {
    const empty = new Uint8Array(32 * 32 * 3).fill(250);
    for (let i = 0; i < 20; ++i) expect(readScene(noisy(empty, 20, stream(2, i))).objects).toEqual([]);
  });

  test("finds no object in a picture of none: bright noise", () => {
    const random = stream(3);
    let found = 0;
    for (let i = 0; i < 20; ++i) {
      found += readScene(new Uint8Array(32 * 32 * 3).map(() => random.int(256))).objects.length;
    }
    expect(found).toBe(0);
  });

  test("sees every single change of an attribute", () => {
    const changes: Partial<SceneObject>[] = [
      {shape: "cloud"},
      {colour: "pink"},
      {texture: "dotted"},
      {texture: "striped"},
      {size: "small"},
      {face: true},
      {place: {row: 0, column: 1}}
    ];
    for (const change of changes) {
      const [found] = readScene(draw({...base, ...change})).objects;
      expect(found).toMatchObject({...base, ...change});
    }
  });

  test("says the shape of an image that it cannot read", () => {
    expect(() => readScene(new Uint8Array(10))).toThrow("got 10");
  });
});

describe("grade", () => {
  const wanted = (caption: string) => parseCaption(caption).wanted;

  test("counts only what the caption names", () => {
    const image = draw(base);
    expect(grade(image, wanted("a red circle")).allNamed).toBe(true);
    expect(grade(image, wanted("a red circle")).perAttribute.size).toBeNull();
    expect(grade(image, wanted("a small red circle")).allNamed).toBe(false);
    expect(grade(image, wanted("a small red circle")).shapeAndColour).toBe(true);
    expect(grade(image, wanted("a blue circle")).perAttribute).toMatchObject({shape: 1, colour: 0});
    expect(grade(image, wanted("a red circle at night")).perAttribute.background).toBe(0);
    expect(grade(image, wanted("a red circle, top left")).perAttribute.place).toBe(0);
  });

  test("tells swapped colours from missing ones", () => {
    const image = draw(
      {...base, colour: "blue", place: {row: 1, column: 0}},
      {...base, shape: "star", place: {row: 1, column: 2}}
    );
    const right = grade(image, wanted("a blue circle left of a red star"));
    expect(right).toMatchObject({binding: true, present: true, allNamed: true});
    const swapped = grade(image, wanted("a red circle left of a blue star"));
    expect(swapped).toMatchObject({binding: false, present: true, shapeAndColour: false, allNamed: false});
    expect(grade(image, wanted("a green circle left of a red star"))).toMatchObject({binding: false, present: false});
    expect(grade(image, wanted("a blue circle right of a red star")).perAttribute.relation).toBe(0);
  });

  test("one object too many is not all that was named, one too few neither", () => {
    const two = draw({...base, place: {row: 0, column: 0}}, {...base, shape: "star", place: {row: 0, column: 2}});
    expect(grade(two, wanted("a red star"))).toMatchObject({shapeAndColour: true, allNamed: false});
    const one = grade(draw(base), wanted("a red circle and a red star"));
    expect(one).toMatchObject({shapeAndColour: false, allNamed: false, binding: false});
    expect(one.perAttribute.shape).toBe(0.5);
  });

  test("uses each found object once", () => {
    const found: FoundObject = {...base, fit: 1, x: 0, y: 0, box: 16};
    const reading: Reading = {objects: [found], background: "sand"};
    expect(gradeReading(reading, wanted("a red circle and a red circle")).perAttribute.colour).toBe(0.5);
  });
});
