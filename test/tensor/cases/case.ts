// What a case of the op suite is. The same cases run in Node and in the browser on every backend.

import type {Tensor} from "../../../components/tensor/index.js";
import {stream} from "../../../data/random.js";
import type {Array64} from "../../reference/array64.js";

export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype?: "float32" | "int32" | "bool";
}

export type Inputs = Readonly<Record<string, Tensor>>;

export interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Values>>;
  /** The op under test. */
  readonly f: (inputs: Inputs) => Tensor;
  /** What it should give: in float64, or stored values. */
  readonly reference: ((inputs: Record<string, Array64>) => Array64) | readonly number[];
  /** Inputs whose gradient is compared with finite differences of the reference; by default all float32 inputs. */
  readonly differentiate?: readonly string[];
  /** Stored gradients of Σ f · cotangent instead, for ties and for values from elsewhere. */
  readonly gradients?: Readonly<Record<string, readonly number[]>>;
  /** The cotangent, where it is stored too. */
  readonly cotangent?: readonly number[];
  /** Frees what f keeps between calls. */
  readonly dispose?: () => void;
  /** Largest error over the largest expected value; by default 1e-5. */
  readonly tolerance?: number;
}

/** Standard normal numbers, rounded to float32 so that tensor and reference hold the same. */
export function normal(name: string, shape: readonly number[]): Values {
  return {shape, values: [...stream(2021, "cases", name).fillNormal(new Float32Array(count(shape)))]};
}

/** Numbers in (low, high). */
export function uniform(name: string, shape: readonly number[], low: number, high: number): Values {
  const drawn = stream(2021, "cases", name).fillUniform(new Float32Array(count(shape)));
  return {shape, values: [...drawn.map((u) => low + (high - low) * u)]};
}

export function integers(shape: readonly number[], values: readonly number[]): Values {
  return {shape, values, dtype: "int32"};
}

function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
