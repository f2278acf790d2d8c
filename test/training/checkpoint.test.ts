import {describe, expect, test} from "vitest";
import {
  type Checkpoint,
  checkSpec,
  checkTensors,
  readCheckpoint,
  writeCheckpoint
} from "../../components/training/checkpoint.js";
import {CheckpointError} from "../../components/training/errors.js";
import {readSafetensors, writeSafetensors} from "../../components/training/safetensors.js";

const tensors = new Map([["params/w", {shape: [2], data: Float32Array.of(1, 2)}]]);
const checkpoint: Checkpoint = {
  metadata: {
    model: "dvae",
    size: "xs",
    seed: 2 ** 40,
    step: 12,
    config: {codes: 32, likelihood: "l2"},
    dataVersion: "1",
    provenance: "npm run pretrain -- xs",
    createdAt: "2021-02-24T00:00:00.000Z"
  },
  state: {step: 12, tensors}
};

/** The same file with other metadata. */
function withMetadata(change: Record<string, string | undefined>): ArrayBuffer {
  const {metadata} = readSafetensors(writeCheckpoint(checkpoint));
  const entries = Object.entries({...metadata, ...change}).filter(([, value]) => value !== undefined);
  return writeSafetensors({tensors, metadata: Object.fromEntries(entries) as Record<string, string>});
}

test("readCheckpoint(writeCheckpoint(x)) is x", () => {
  expect(readCheckpoint(writeCheckpoint(checkpoint))).toEqual(checkpoint);
});

describe("readCheckpoint refuses", () => {
  test.each([
    ["a file of somebody else", {model: undefined}, "lack “model”"],
    ["a model it does not know", {model: "gan"}, "“gan” as the model"],
    ["a size it does not know", {size: "xl"}, "“xl” as the size"],
    ["a step that is no number", {step: "many"}, "“many” as the step"],
    ["a negative step", {step: "-1"}, "“-1” as the step"],
    ["no seed", {seed: ""}, "“” as the seed"],
    ["a configuration that is no JSON", {config: "{"}, "configuration"],
    ["a configuration with a list", {config: '{"widths":[1]}'}, "configuration"]
  ])("%s", (_, change, part) => {
    expect(() => readCheckpoint(withMetadata(change))).toThrow(CheckpointError);
    expect(() => readCheckpoint(withMetadata(change))).toThrow(part);
  });
});

test("checkSpec(metadata, spec) tells another model, size or configuration", () => {
  const {metadata} = checkpoint;
  const spec = {model: "dvae", size: "xs", seed: 1, config: {likelihood: "l2", codes: 32}} as const;
  expect(() => checkSpec(metadata, spec)).not.toThrow();
  expect(() => checkSpec(metadata, {...spec, size: "s"})).toThrow("a dvae of size XS, but here a dvae of size S");
  expect(() => checkSpec(metadata, {...spec, model: "prior"})).toThrow("here a prior of size XS");
  expect(() => checkSpec(metadata, {...spec, config: {likelihood: "l2"}})).toThrow(
    "codes = 32, but here it is the default"
  );
});

test("checkTensors(got, expected) tells missing, further and misshapen tensors", () => {
  expect(() => checkTensors(tensors, tensors)).not.toThrow();
  expect(() => checkTensors(new Map(), tensors)).toThrow("lacks the tensor “params/w”");
  const weights = new Map([["ema/w", tensors.get("params/w")!]]);
  expect(() => checkTensors(weights, tensors)).toThrow("weights to draw with");
  expect(() => checkTensors(tensors, new Map())).toThrow("“params/w” that the model does not have");
  expect(() => checkTensors(tensors, new Map([["params/w", {shape: [2, 1]}]]))).toThrow(
    "[2], but the model's has [2, 1]"
  );
});
