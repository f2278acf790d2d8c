import {afterEach, describe, expect, test} from "vitest";
import {type FastOps, fastOps, setFastOps} from "../../components/tensor/fast.js";
import {dropFaultyOps, expectedSums, fastOpSums} from "../../components/tensor/fastOpsTest.js";
import * as t from "../../components/tensor/index.js";

afterEach(async () => {
  await t.useBackend("wasm"); // with all its ops
});

describe("the stored sums", () => {
  test.each(Object.keys(expectedSums) as (keyof FastOps)[])("%s: what the composition gives on cpu", async (name) => {
    await t.useBackend("cpu");
    expect(fastOps()).toEqual({});
    const found = await fastOpSums(name);
    const scale = Math.max(...found.map(Math.abs));
    expect(expectedSums[name]).toHaveLength(found.length);
    found.forEach((sum, i) => {
      expect(Math.abs(sum - expectedSums[name][i]!) / scale).toBeLessThan(1e-4);
    });
  });
});

describe("dropFaultyOps()", () => {
  test("drops none where all is right, and leaves no tensor", async () => {
    await t.useBackend("wasm");
    const [ops, before] = [fastOps(), t.memory().numTensors];
    expect(await dropFaultyOps()).toEqual([]);
    expect(fastOps()).toBe(ops);
    expect(t.memory().numTensors).toBe(before);
  });

  test("drops an op whose gradient is wrong, and one that throws", async () => {
    await t.useBackend("wasm");
    const {gelu, linear} = fastOps() as FastOps;
    const wrong: Partial<FastOps> = {
      ...fastOps(),
      gelu: {...gelu, backward: (dy) => [dy]},
      linear: {
        ...linear,
        forward() {
          throw new Error("no such shader");
        }
      }
    };
    setFastOps(wrong);
    expect((await dropFaultyOps()).sort()).toEqual(["gelu", "linear"]);
    expect(fastOps().gelu).toBeUndefined();
    expect(fastOps().layerNorm).toBe(wrong.layerNorm);
  });
});
