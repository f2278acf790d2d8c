// When a trainer looks at its numbers: without a read one update later, so that a GPU has the next to work on meanwhile.

import {beforeAll, expect, test} from "vitest";
import {useBackend} from "../../components/tensor/index.js";
import {createTrainer} from "../../components/training/createTask.js";
import {DivergedError} from "../../components/training/trainer.js";

beforeAll(() => useBackend("wasm"));

const ruinous = {learningRate: 1e30};

test("without a read, an update's loss is looked at in the next update, and the error names its step", async () => {
  const trainer = createTrainer({model: "gumbel", size: "xs", seed: 1});
  expect(await trainer.update(ruinous, false)).toBeNull(); // its loss is of the first weights
  expect(await trainer.update({}, false)).toBeNull();
  const error = await trainer.update({}, false).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DivergedError);
  expect((error as DivergedError).step).toBe(2);
  trainer.dispose();
});

test("with a read, in the same update", async () => {
  const trainer = createTrainer({model: "gumbel", size: "xs", seed: 1});
  await trainer.update(ruinous, false);
  await expect(trainer.update({}, true)).rejects.toMatchObject({name: "DivergedError", step: 2});
  trainer.dispose();
});
