import * as t from "../../../components/tensor/index.js";
import {type Params, read, type Tensor, tensor, tidy, valueAndGrads} from "../../../components/tensor/index.js";
import {stream} from "../../../data/random.js";
import {type Array64, array64} from "../../reference/array64.js";
import {finiteDifferences} from "../../reference/finiteDifferences.js";
import type {Case} from "./case.js";

const TOLERANCE = 1e-5;

/** Runs a case on the backend in use; the sentences say what is wrong, none if all is right. */
export async function runCase(test: Case): Promise<string[]> {
  const tensors = Object.fromEntries(
    Object.entries(test.inputs).map(([name, {shape, values, dtype}]) => [
      name,
      tensor([...values], [...shape], dtype ?? "float32")
    ])
  );
  const before = t.memory().numTensors;
  const faults: string[] = [];
  try {
    const exact = Object.fromEntries(
      Object.entries(test.inputs).map(([name, {shape, values}]) => [name, array64(shape, values.map(Number))])
    );
    const expected = typeof test.reference === "function" ? test.reference(exact).data : test.reference;
    const output = tidy(() => test.f(tensors));
    faults.push(...compare("value", await read(output), expected, test.tolerance));
    const {dtype, shape} = output;
    output.dispose();
    const names =
      dtype === "float32"
        ? (test.differentiate ?? Object.keys(test.inputs).filter((name) => !test.inputs[name]!.dtype))
        : [];
    if (names.length > 0) {
      const cotangent = test.cotangent ?? [
        ...stream(2021, "cotangent", test.name).fillNormal(new Float32Array(expected.length))
      ];
      const grads = gradients(test, tensors, names, [...cotangent], shape);
      for (const name of names) {
        const wanted = test.gradients?.[name] ?? finite(test, exact, name, cotangent);
        faults.push(...compare(`gradient of ${name}`, await read(grads[name]!), wanted, test.tolerance));
      }
      t.dispose(grads);
    }
    test.dispose?.();
    const left = t.memory().numTensors - before;
    if (left !== 0) faults.push(`memory: expected no tensor left, got ${left}`);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  t.dispose(tensors);
  return faults;
}

function gradients(
  test: Case,
  tensors: Params,
  names: readonly string[],
  cotangent: number[],
  shape: number[]
): Record<string, Tensor> {
  const params = Object.fromEntries(names.map((name) => [name, tensors[name]!]));
  const {loss, grads, aux} = valueAndGrads(params, (p) => ({
    loss: t.sum(t.mul(test.f({...tensors, ...p}), tensor(cotangent, shape)))
  }));
  t.dispose([loss, aux]);
  return grads;
}

function finite(
  test: Case,
  exact: Record<string, Array64>,
  name: string,
  cotangent: ArrayLike<number>
): ArrayLike<number> {
  if (typeof test.reference !== "function") throw new Error(`${test.name}: expected a stored gradient of ${name}`);
  return finiteDifferences(test.reference, exact, name, cotangent);
}

function compare(what: string, got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): string[] {
  if (got.length !== expected.length) return [`${what}: expected ${expected.length} numbers, got ${got.length}`];
  let largest = 1e-3;
  for (let i = 0; i < expected.length; ++i) largest = Math.max(largest, Math.abs(expected[i]!));
  for (let i = 0; i < expected.length; ++i) {
    if (!(Math.abs(got[i]! - expected[i]!) <= tolerance * largest)) {
      return [`${what}[${i}]: expected ${expected[i]}, got ${got[i]}`];
    }
  }
  return [];
}
