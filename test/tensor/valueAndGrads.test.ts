import {beforeAll, describe, expect, test} from "vitest";
import {applyOp} from "../../components/tensor/differentiable.js";
import * as t from "../../components/tensor/index.js";

beforeAll(async () => {
  await t.useBackend("cpu");
});

describe("valueAndGrads(params, f)", () => {
  test("gives the loss, every gradient and what else f returns, and leaves nothing else", async () => {
    const params = {a: t.tensor([1, 2]), b: t.tensor([3, -1])};
    const before = t.memory().numTensors;
    const {loss, grads, aux} = t.valueAndGrads(params, ({a, b}) => {
      const product = t.mul(a!, b!);
      return {loss: t.sum(t.square(product)), aux: {product, a: a!}};
    });
    expect(await t.readScalar(loss)).toBe(13);
    expect([...(await t.read(grads.a!))]).toEqual([18, 4]);
    expect([...(await t.read(grads.b!))]).toEqual([6, -8]);
    expect([...(await t.read(aux.product!))]).toEqual([3, -2]);
    t.dispose([loss, grads, aux]);
    expect(t.memory().numTensors).toBe(before);
    expect([...(await t.read(params.a))]).toEqual([1, 2]); // returning a parameter does not give it away
    t.dispose(params);
  });

  test("can be called inside a tidy, which then disposes its results", () => {
    const params = {a: t.tensor([1, 2])};
    const before = t.memory().numTensors;
    t.tidy(() => {
      t.valueAndGrads(params, ({a}) => ({loss: t.sum(t.exp(a!)), aux: {twice: t.mul(a!, 2)}}));
    });
    expect(t.memory().numTensors).toBe(before);
    t.dispose(params);
  });

  test("names the parameters on which the loss does not depend", () => {
    const params = {used: t.tensor([1]), idle: t.tensor([1]), cut: t.tensor([1])};
    expect(() => t.valueAndGrads(params, ({used, cut}) => ({loss: t.sum(t.mul(used!, t.stopGradient(cut!)))}))).toThrow(
      "valueAndGrads: the loss does not depend on idle, cut"
    );
    t.dispose(params);
  });

  test("refuses a loss that is not a scalar", () => {
    const params = {a: t.tensor([1, 2])};
    expect(() => t.valueAndGrads(params, ({a}) => ({loss: t.square(a!)}))).toThrow("expected a scalar loss, got [2]");
    t.dispose(params);
  });
});

describe("applyOp(op, inputs)", () => {
  test("computes a lazy gradient only where a parameter bears on the input", () => {
    const calls: string[] = [];
    const product: t.DifferentiableOp<null> = {
      forward: ([a, b]) => ({output: t.mul(a!, b!), saved: [a!, b!]}),
      backward: (dy, [a, b]) => [
        () => {
          calls.push("a");
          return t.mul(dy, b!);
        },
        () => {
          calls.push("b");
          return t.mul(dy, a!);
        }
      ]
    };
    t.tidy(() => {
      const image = t.tensor([2, 3]);
      const weight = t.tensor([4, 5]);
      t.valueAndGrads({weight}, (p) => ({loss: t.sum(applyOp(product, [image, p.weight!], [], null))}));
      expect(calls).toEqual(["b"]);
      t.valueAndGrads({image, weight}, (p) => ({loss: t.sum(applyOp(product, [p.image!, p.weight!], [], null))}));
      expect(calls).toEqual(["b", "a", "b"]);
    });
  });
});
