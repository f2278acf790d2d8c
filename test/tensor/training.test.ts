import {describe, expect, test} from "vitest";
import * as t from "../../components/tensor/index.js";
import {trainSmallModel} from "./cases/training.js";

describe("1,000 steps of a small model on wasm", () => {
  test("leave memory as it was after the first, and lower the loss", async () => {
    await t.useBackend("wasm");
    const outside = t.memory().numTensors;
    const {losses, before, after} = await trainSmallModel(1000);
    expect(after).toEqual(before);
    expect(t.memory().numTensors).toBe(outside);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 4);
  });

  test("run twice give the same numbers to the last bit", async () => {
    await t.useBackend("wasm");
    expect((await trainSmallModel(50)).losses).toEqual((await trainSmallModel(50)).losses);
  });

  test("go the same way on cpu, to within rounding", async () => {
    await t.useBackend("wasm");
    const {losses} = await trainSmallModel(20);
    await t.useBackend("cpu");
    const other = (await trainSmallModel(20)).losses;
    losses.forEach((loss, i) => {
      expect(Math.abs(loss / other[i]! - 1)).toBeLessThan(1e-3);
    });
  });
});
