// PowerSGD's pieces against ml-matrix, and the properties that they stand on.

import {Matrix as Reference, SVD} from "ml-matrix";
import {describe, expect, test} from "vitest";
import {GradientCompressor, isCompressed} from "../../components/training/distributed/compressor.js";
import {type Compression, distributionOf} from "../../components/training/distributed/config.js";
import {
  energy,
  type Matrix,
  matrix,
  times,
  timesTransposed,
  transposedTimes
} from "../../components/training/distributed/matrices.js";
import {compress, gramSchmidt, householder, randomFactor} from "../../components/training/distributed/powerSgd.js";
import {stream} from "../../data/random.js";

const random = stream(7, "test of PowerSGD");
const normal = (rows: number, columns: number, name: string): Matrix => randomFactor(rows, columns, random.child(name));
const reference = ({rows, columns, data}: Matrix) => Reference.from1DArray(rows, columns, Array.from(data));
const difference = (a: Matrix, b: Matrix): number =>
  Math.sqrt(energy({data: a.data.map((value, i) => value - b.data[i]!)}) / Math.max(energy(b), 1e-30));
const fromReference = (m: Reference): Matrix => matrix(m.rows, m.columns, Float32Array.from(m.to1DArray()));

/** The largest entry of |PᵀP − I|. */
function skew(p: Matrix): number {
  const {data, columns} = transposedTimes(p, p);
  return Math.max(...Array.from(data, (value, i) => Math.abs(value - (i % (columns + 1) === 0 ? 1 : 0))));
}

describe("products", () => {
  const [a, b] = [normal(7, 5, "a"), normal(5, 3, "b")];
  const [c, d] = [normal(7, 3, "c"), normal(4, 5, "d")];
  test.each([
    ["A B", times(a, b), reference(a).mmul(reference(b))],
    ["Aᵀ B", transposedTimes(a, c), reference(a).transpose().mmul(reference(c))],
    ["A Bᵀ", timesTransposed(a, d), reference(a).mmul(reference(d).transpose())]
  ])("%s as ml-matrix has it", (_, ours, theirs) => {
    expect(difference(ours, fromReference(theirs))).toBeLessThan(1e-6);
  });

  test("operands that do not fit are refused with what was expected", () => {
    expect(() => times(a, c)).toThrow("expected 5 rows on the right, got 7");
    expect(() => matrix(2, 2, new Float32Array(3))).toThrow("2 × 2 = 4 numbers, got 3");
  });
});

describe("an orthonormal basis", () => {
  test.each([
    [9, 1],
    [9, 4],
    [6, 6],
    [384, 24]
  ])("of %d × %d spans what the columns span", (m, r) => {
    const p = normal(m, r, `span ${m} ${r}`);
    const basis = householder(p);
    expect(skew(basis)).toBeLessThan(1e-6);
    const projected = times(basis, transposedTimes(basis, p));
    expect(difference(projected, p)).toBeLessThan(1e-5);
  });

  test("stays orthonormal for columns that are nearly alike, where Gram and Schmidt's does not", () => {
    const p = normal(60, 8, "alike");
    for (let i = 0; i < p.data.length; ++i) p.data[i] = p.data[i - (i % 8)]! + 1e-5 * p.data[i]!;
    expect(skew(householder(p))).toBeLessThan(1e-6);
    expect(skew(gramSchmidt(p))).toBeGreaterThan(1e-3);
  });

  test("exists for a matrix of noughts, since ε is added to the diagonal", () => {
    const basis = householder(matrix(6, 3));
    expect(skew(basis)).toBeLessThan(1e-6);
  });

  test("of more columns than rows is refused", () => {
    expect(() => householder(matrix(3, 4))).toThrow("at most 3 columns");
  });
});

describe("compress(m, q)", () => {
  test.each([
    [12, 20],
    [20, 12]
  ])("of full rank is the matrix itself, %d × %d", (m, n) => {
    const g = normal(m, n, `full ${m}`);
    expect(difference(compress(g, normal(n, 12, "q")).approximation, g)).toBeLessThan(1e-5);
  });

  test("keeps no more than the best of its rank, and with warm starts comes close to it", () => {
    // Singular values 1, 1/2, 1/4, …: a gradient's fall off too.
    const [u, v] = [householder(normal(30, 12, "u")), householder(normal(40, 12, "v"))];
    for (let i = 0; i < u.data.length; ++i) u.data[i]! *= 2 ** -(i % 12);
    const g = timesTransposed(u, v);
    const values = new SVD(reference(g), {autoTranspose: true}).diagonal;
    for (const rank of [1, 3, 6]) {
      const best = values.slice(rank).reduce((sum, value) => sum + value ** 2, 0);
      const errorOf = (q: Matrix) => {
        const made = compress(g, q);
        return {q: made.q, error: energy({data: g.data.map((value, i) => value - made.approximation.data[i]!)})};
      };
      let {q, error} = errorOf(normal(40, rank, "cold"));
      expect(error).toBeGreaterThan(best * 0.999);
      const cold = error;
      for (let k = 0; k < 10; ++k) ({q, error} = errorOf(q));
      expect(error).toBeLessThan(best * 1.01 + 1e-9);
      expect(error).toBeLessThan(cold);
    }
  });
});

describe("a worker's compressor", () => {
  const weights = {
    "text.embedding": {shape: [5, 8], data: new Float32Array(40)},
    "layer1.mlp.input.weight": {shape: [8, 16], data: new Float32Array(128)},
    "layer1.mlp.input.bias": {shape: [16], data: new Float32Array(16)}
  };
  const size = 40 + 128 + 16;
  const gradients = (count: number, worker = 0) =>
    Array.from({length: count}, (_, step) => random.child("gradient", worker, step).fillNormal(new Float32Array(size)));
  const make = (compression: Compression, rank = 2) =>
    new GradientCompressor(weights, {workers: 1, compression, rank}, 1);
  const alone = (one: GradientCompressor, step: number, gradient: Float32Array) => {
    const {p, rest} = one.begin(step, gradient);
    return one.finish(one.project(p), rest);
  };
  const block = (flat: Float32Array) => flat.slice(40, 168);

  test("compresses the matrices of the blocks, and nothing else", () => {
    const names = [
      "layer12.attention.qkv.weight",
      "layer1.attention.norm.gain",
      "text.embedding",
      "output.text.weight"
    ];
    expect(names.filter((name) => isCompressed(name, name.endsWith("gain") ? [8] : [8, 8]))).toEqual([names[0]]);
    const gradient = gradients(1)[0]!;
    const stepped = alone(make("fixed"), 0, gradient);
    expect(stepped.slice(0, 40)).toEqual(gradient.slice(0, 40));
    expect(stepped.slice(168)).toEqual(gradient.slice(168));
    expect(difference(matrix(8, 16, block(stepped)), matrix(8, 16, block(gradient)))).toBeGreaterThan(0.1);
  });

  test.each(["fixed", "resampled", "warm"] as const)("%s: what is left out of a step comes later", (compression) => {
    const one = make(compression);
    const given = new Float64Array(128);
    const taken = new Float64Array(128);
    gradients(20).forEach((gradient, step) => {
      block(gradient).forEach((value, i) => {
        given[i]! += value;
      });
      block(alone(one, step, gradient)).forEach((value, i) => {
        taken[i]! += value;
      });
    });
    const errors = one.errors();
    const worst = Math.max(...errors.map((error, i) => Math.abs(taken[i]! + error - given[i]!)));
    expect(worst).toBeLessThan(1e-4);
    expect(energy({data: errors})).toBeGreaterThan(1);
  });

  test("a fixed Q is the same at every step, a resampled one is not, a warm one is the last coefficients", () => {
    const [gradient] = gradients(1) as [Float32Array];
    const sentTwice = (compression: Compression) => {
      const one = make(compression);
      const first = one.begin(0, gradient);
      const factors = one.project(first.p);
      one.finish(factors, first.rest);
      one.restore(factors); // without the error, the matrix is the same again
      return [first.p, one.begin(1, gradient).p] as const;
    };
    const [once, again] = sentTwice("fixed");
    expect(again).toEqual(once);
    const [drawn, anew] = sentTwice("resampled");
    expect(anew).not.toEqual(drawn);
    const [, warm] = sentTwice("warm");
    const one = make("warm");
    const q = matrix(16, 2, one.project(one.begin(0, gradient).p));
    const expected = times(matrix(8, 16, block(gradient)), q);
    expect(difference(matrix(8, 2, Float32Array.from(warm)), expected)).toBeLessThan(1e-5);
  });

  test("sends r (m + n) numbers in place of m n", () => {
    const one = make("fixed", 3);
    const {p, rest} = one.begin(0, gradients(1)[0]!);
    expect([p.length, one.project(p).length, rest.length]).toEqual([3 * 8, 3 * 16, 56]);
    expect(one.sizes).toEqual({sent: 56 + 3 * 24, whole: size, factors: 3 * 24, matrices: 128});
    expect(make("none").sizes).toEqual({sent: size, whole: size, factors: 0, matrices: 0});
  });

  test("averaging what two workers send is compressing their mean", () => {
    const [a, b] = [make("fixed"), make("fixed")];
    const whole = make("fixed");
    const [ofA, ofB] = [gradients(6, 1), gradients(6, 2)];
    const mean = (x: Float32Array, y: Float32Array) => x.map((value, i) => (value + y[i]!) / 2);
    for (let step = 0; step < 6; ++step) {
      const [sentA, sentB] = [a.begin(step, ofA[step]!), b.begin(step, ofB[step]!)];
      const p = mean(sentA.p, sentB.p);
      const q = mean(a.project(p), b.project(p));
      const rest = mean(sentA.rest, sentB.rest);
      const together = a.finish(q, rest);
      expect(b.finish(q, rest)).toEqual(together);
      const alike = alone(whole, step, mean(ofA[step]!, ofB[step]!));
      expect(difference(matrix(1, size, together), matrix(1, size, alike))).toBeLessThan(1e-4);
    }
  });
});

test("a run's settings are checked, and the model's own are handed on", () => {
  expect(distributionOf({workers: 3, rank: 5, compression: "warm", updates: 9})).toEqual({
    distribution: {workers: 3, rank: 5, compression: "warm"},
    own: {updates: 9}
  });
  expect(() => distributionOf({workers: 9})).toThrow("workers from 1 to 8, got 9");
  expect(() => distributionOf({compression: "zip"})).toThrow("got zip");
});
