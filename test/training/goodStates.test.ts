import {describe, expect, test} from "vitest";
import {GoodStates, ruinedTensor} from "../../components/training/goodStates.js";
import type {TrainerState} from "../../components/training/trainer.js";

const at = (step: number, ...numbers: number[]): TrainerState => ({
  step,
  tensors: new Map([["params/w", {shape: [numbers.length], data: Float32Array.from(numbers)}]])
});

describe("GoodStates.goBack()", () => {
  test("passes over a state that no step has proven", () => {
    const states = new GoodStates(at(0));
    states.keep(at(10));
    states.prove(11);
    states.keep(at(20));
    expect(states.newest.step).toBe(20);
    expect(states.goBack().step).toBe(10);
    expect(states.newest.step).toBe(10);
  });

  test("goes further back when a state led to ruin twice", () => {
    const states = new GoodStates(at(0));
    for (const step of [10, 20, 30]) {
      states.keep(at(step));
      states.prove(step + 1);
    }
    expect([1, 2, 3, 4, 5, 6, 7].map(() => states.goBack().step)).toEqual([30, 30, 20, 20, 10, 10, 10]);
  });

  test("always has one", () => {
    const states = new GoodStates(at(5));
    expect([states.goBack().step, states.goBack().step, states.goBack().step]).toEqual([5, 5, 5]);
  });

  test("forgets later states when an earlier one is kept", () => {
    const states = new GoodStates(at(0));
    states.keep(at(10));
    states.keep(at(4));
    states.prove(5);
    expect(states.goBack().step).toBe(4);
  });
});

test("ruinedTensor(state) names the tensor that is not finite or absurdly large", () => {
  expect(ruinedTensor(at(0, 1, -2e5))).toBe(null);
  for (const number of [NaN, Infinity, -Infinity, 1e7]) expect(ruinedTensor(at(0, 1, number))).toBe("params/w");
});
