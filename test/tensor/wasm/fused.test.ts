import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, it} from "vitest";
import {AdamW, type NamedArrays} from "../../../components/tensor/adamW.js";
import {attention} from "../../../components/tensor/attention.js";
import {conv2d} from "../../../components/tensor/convolution.js";
import {fastOps, setFastOps} from "../../../components/tensor/fast.js";
import {linear} from "../../../components/tensor/matMul.js";
import {gelu, layerNorm, softmaxCrossEntropy} from "../../../components/tensor/normalise.js";
import {wasmFastOps} from "../../../components/tensor/wasm/fused.js";
import {startWasm} from "./backend.js";
import {normals, relativeError} from "./reference.js";

beforeAll(startWasm);

type Values = Float64Array;

/** Central differences of Σ f(…)·dy in float64, for every entry of every input. */
function numericalGradients(f: (inputs: Values[]) => Values, inputs: Values[], dy: Values): Values[] {
  const objective = () => f(inputs).reduce((sum, y, i) => sum + y * dy[i]!, 0);
  return inputs.map((x) =>
    x.map((old, i) => {
      const h = 1e-5;
      x[i] = old + h;
      const up = objective();
      x[i] = old - h;
      const down = objective();
      x[i] = old;
      return (up - down) / (2 * h);
    })
  );
}

/** Holds an op's value and gradients against a float64 function and its differences. */
function check(
  op: (...inputs: tf.Tensor[]) => tf.Tensor,
  f: (inputs: Values[]) => Values,
  shapes: number[][],
  scale = 1
): void {
  const inputs = shapes.map((shape, i) => normals(`input ${i}`, tf.util.sizeFromShape(shape)).map((x) => x * scale));
  const tensors = inputs.map((x, i) => tf.tensor(x, shapes[i]!));
  const exact = inputs.map((x) => Float64Array.from(x));
  const y = op(...tensors);
  expect(relativeError(y.dataSync(), f(exact))).toBeLessThan(3e-6);
  const dy = normals("dy", y.size);
  const before = tf.memory().numTensors;
  const grads = tf.grads((...xs: tf.Tensor[]) => op(...xs))(tensors, tf.tensor(dy, y.shape));
  expect(tf.memory().numTensors).toBe(before + grads.length + 1);
  const expected = numericalGradients(f, exact, Float64Array.from(dy));
  grads.forEach((grad, i) => {
    expect(grad.shape).toEqual(shapes[i]);
    expect(relativeError(grad.dataSync(), expected[i]!), `gradient of input ${i}`).toBeLessThan(3e-6);
  });
}

const softmax = (row: Values): Values => {
  const m = Math.max(...row);
  const e = row.map((x) => Math.exp(x - m));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
};

describe("fused ops on WASM equal float64 and its differences", () => {
  for (const [rows, n] of [
    [3, 8],
    [5, 7],
    [2, 1],
    [1, 24],
    [4, 33]
  ] as const) {
    it(`layerNorm(x [${rows}, ${n}], …)`, () => {
      const epsilon = 1e-3;
      check(
        (x, gain, bias) => layerNorm(x!, gain!, bias!, epsilon),
        ([x, gain, bias]) => {
          const y = new Float64Array(rows * n);
          for (let r = 0; r < rows; ++r) {
            const row = x!.subarray(r * n, (r + 1) * n);
            const mean = row.reduce((a, b) => a + b, 0) / n;
            const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
            row.forEach((v, i) => {
              y[r * n + i] = ((v - mean) / Math.sqrt(variance + epsilon)) * gain![i]! + bias![i]!;
            });
          }
          return y;
        },
        [[rows, n], [n], [n]]
      );
    });

    it(`gelu(x [${rows}, ${n}])`, () => {
      const f = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
      check(
        (x) => gelu(x!),
        ([x]) => x!.map(f),
        [[rows, n]],
        3
      );
    });

    it(`softmaxCrossEntropy(logits [${rows}, ${n}], labels)`, () => {
      const labels = Int32Array.from({length: rows}, (_, r) => (r * 5) % n);
      const tensor = tf.tensor1d(labels, "int32");
      check(
        (x) => softmaxCrossEntropy(x!, tensor),
        ([x]) => Float64Array.from(labels, (label, r) => -Math.log(softmax(x!.subarray(r * n, (r + 1) * n))[label]!)),
        [[rows, n]],
        4
      );
    });
  }

  it("linear(x, weight, bias)", () => {
    const [rows, inputs, outputs] = [9, 6, 11] as const;
    check(
      (x, w, b) => linear(x!, w!, b),
      ([x, w, b]) =>
        Float64Array.from({length: rows * outputs}, (_, at) => {
          const [r, o] = [Math.floor(at / outputs), at % outputs];
          let sum = b![o]!;
          for (let i = 0; i < inputs; ++i) sum += x![r * inputs + i]! * w![i * outputs + o]!;
          return sum;
        }),
      [[rows, inputs], [inputs, outputs], [outputs]]
    );
  });

  it("conv2d(x, weight, bias)", () => {
    const [size, inputs, outputs] = [5, 3, 9] as const;
    check(
      (x, w, b) => conv2d(x!, w!, b),
      ([x, w, b]) => {
        const y = new Float64Array(size * size * outputs);
        for (let at = 0; at < y.length; ++at) {
          const o = at % outputs;
          const column = Math.floor(at / outputs) % size;
          const row = Math.floor(at / outputs / size);
          let sum = b![o]!;
          for (let t = 0; t < 9; ++t) {
            const [v, u] = [row + Math.floor(t / 3) - 1, column + (t % 3) - 1];
            if (v < 0 || u < 0 || v >= size || u >= size) continue;
            for (let i = 0; i < inputs; ++i) {
              sum += x![(v * size + u) * inputs + i]! * w![(t * inputs + i) * outputs + o]!;
            }
          }
          y[at] = sum;
        }
        return y;
      },
      [[1, size, size, inputs], [3, 3, inputs, outputs], [outputs]]
    );
  });

  for (const [t, s, d, biasShape] of [
    [4, 4, 3, [4, 4]],
    [5, 7, 6, [2, 1, 5, 7]],
    [6, 6, 8, [1, 2, 6, 6]],
    [1, 9, 5, null]
  ] as const) {
    it(`attention: ${t} queries, ${s} keys, ${d} channels, bias ${biasShape}`, () => {
      const [batch, heads] = [2, 2] as const;
      const bias = biasShape && normals("bias", tf.util.sizeFromShape([...biasShape]));
      if (bias && biasShape.length === 2) bias.fill(-1e9, 1, 2); // the first query may not see the second key
      const tensor = bias && tf.tensor(bias, [...biasShape]);
      check(
        (q, k, v) => attention(q!, k!, v!, tensor),
        ([q, k, v]) => {
          const y = new Float64Array(batch * heads * t * d);
          for (let i = 0; i < batch * heads; ++i) {
            const [b, h] = [Math.floor(i / heads), i % heads];
            const place = biasShape?.length === 2 ? 0 : biasShape?.[0] === 2 ? b : h;
            for (let row = 0; row < t; ++row) {
              const scores = Float64Array.from({length: s}, (_, key) => {
                let sum = 0;
                for (let c = 0; c < d; ++c) sum += q![(i * t + row) * d + c]! * k![(i * s + key) * d + c]!;
                return sum / Math.sqrt(d) + (bias?.[(place * t + row) * s + key] ?? 0);
              });
              softmax(scores).forEach((p, key) => {
                for (let c = 0; c < d; ++c) y[(i * t + row) * d + c]! += p * v![(i * s + key) * d + c]!;
              });
            }
          }
          return y;
        },
        [
          [batch, heads, t, d],
          [batch, heads, s, d],
          [batch, heads, s, d]
        ]
      );
    });
  }
});

describe("adamW", () => {
  const options = {
    beta1: 0.9,
    beta2: 0.98,
    epsilon: 1e-6,
    weightDecay: 0.1,
    decays: (name: string) => name === "w",
    clipNorm: 2,
    emaDecay: 0.9
  };
  const initial: NamedArrays = {
    w: {shape: [3, 7], data: normals("w", 21)},
    b: {shape: [2], data: normals("b", 2)}
  };

  /** Three updates on given gradients, and the state after them. */
  async function run(clone: boolean) {
    const optimizer = new AdamW(initial, options);
    const norms: number[] = [];
    for (let i = 0; i < 3; ++i) {
      const early = clone ? optimizer.state() : null; // reads the buffers while the update is made
      const grads = {w: tf.tensor(normals(`dw ${i}`, 21), [3, 7]), b: tf.tensor(normals(`db ${i}`, 2))};
      norms.push(optimizer.step(grads, 0.01).gradNorm.dataSync()[0]!);
      expect((await early)?.step ?? i).toBe(i);
      if (early && i === 0) expect((await early).params.w!.data).toEqual(initial.w!.data);
    }
    return {...(await optimizer.state()), norms};
  }

  for (const clone of [false, true]) {
    it(`equals the composition of tfjs ops, ${clone ? "with" : "without"} a reader of the old values`, async () => {
      expect(fastOps().adamW).toBe(wasmFastOps.adamW);
      const fused = await run(clone);
      setFastOps({});
      const composed = await run(clone);
      setFastOps(wasmFastOps);
      expect(relativeError(fused.norms, composed.norms)).toBeLessThan(1e-6);
      for (const group of ["params", "m", "v", "ema"] as const) {
        for (const name of ["w", "b"]) {
          expect(relativeError(fused[group]![name]!.data, composed[group]![name]!.data)).toBeLessThan(1e-6);
        }
      }
    });
  }
});
