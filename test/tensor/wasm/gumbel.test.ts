import {beforeAll, describe, expect, it} from "vitest";
import {fillGumbel} from "../../../components/tensor/wasm/gumbel.js";
import {setGumbelFiller, stream} from "../../../data/random.js";
import {startWasm} from "./backend.js";

beforeAll(startWasm);

describe("fillGumbel", () => {
  for (const length of [7, 8, 9, 64, 1000, 20001]) {
    it(`draws the same ${length} numbers as the plain loop, and goes on alike`, () => {
      const draw = (drawnBefore: number) => {
        const random = stream(11, "gumbel", length);
        for (let i = 0; i < drawnBefore; ++i) random.uint32();
        return [...random.fillGumbel(new Float32Array(length)), random.uint32(), random.uint32()];
      };
      for (const before of [0, 1, 2]) {
        setGumbelFiller(null);
        const plain = draw(before);
        setGumbelFiller(fillGumbel);
        expect(draw(before)).toEqual(plain);
      }
    });
  }

  it("is used", () => {
    let calls = 0;
    setGumbelFiller((...args) => {
      ++calls;
      return fillGumbel(...args);
    });
    stream(1).fillGumbel(new Float32Array(16));
    setGumbelFiller(fillGumbel);
    expect(calls).toBe(1);
  });
});
