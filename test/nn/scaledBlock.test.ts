import {beforeAll, describe, expect, test} from "vitest";
import {type FloatFormat, floatFormats, roundTo} from "../../components/nn/floatFormat.js";
import {type BlockPrecision, scaledBlock} from "../../components/nn/scaledBlock.js";
import {
  dispose,
  linear,
  memory,
  mul,
  type Params,
  read,
  scalar,
  sum,
  tensor,
  useBackend,
  valueAndGrads
} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";

beforeAll(() => useBackend("wasm"));

const [rows, width] = [3, 4];
const draw = (name: string, n: number, size: number) =>
  Array.from(stream(7, "scaledBlock", name).fillNormal(new Float32Array(n)), (v) => Math.fround(v * size));
const x = draw("x", rows * width, 1);
const weight = draw("weight", width * width, 0.3);
const bias = draw("bias", width, 0.1);
const cotangent = draw("cotangent", rows * width, 1e-5);

/** The block y = x + (x W + b) with a gradient, from the ops. */
async function computed(precision: BlockPrecision) {
  const params: Params = {
    x: tensor(x, [rows, width]),
    "w.weight": tensor(weight, [width, width]),
    "w.bias": tensor(bias)
  };
  const g = tensor(cotangent, [rows, width]);
  const {loss, grads, aux} = valueAndGrads(params, ({x: input, ...inside}) => {
    const y = scaledBlock(input!, inside, precision, (h, p) => linear(h, p["w.weight"]!, p["w.bias"]!));
    return {loss: sum(mul(y, g)), aux: {y}};
  });
  const found = {
    y: await read(aux.y!),
    x: await read(grads.x!),
    weight: await read(grads["w.weight"]!),
    bias: await read(grads["w.bias"]!)
  };
  dispose([loss, g, ...Object.values(grads), ...Object.values(aux), ...Object.values(params)]);
  return found;
}

/** The same, number by number, as figure 4 of the paper draws it. */
function expected(format: FloatFormat, scale: number) {
  const r = (v: number) => roundTo(format, v);
  const at = (m: readonly number[], i: number, j: number) => m[i * width + j]!;
  const each = (n: number, f: (i: number, j: number) => number) =>
    Array.from({length: n * width}, (_, k) => f(Math.floor(k / width), k % width));
  const over = (n: number, f: (k: number) => number) => Array.from({length: n}, (_, k) => f(k)).reduce((a, b) => a + b);
  const inside = x.map(r);
  const w = weight.map(r);
  const y = each(rows, (i, j) => at(x, i, j) + r(over(width, (k) => at(inside, i, k) * at(w, k, j)) + bias[j]!));
  const d = cotangent.map((g) => r(g * scale));
  const back = each(rows, (i, j) => r(over(width, (k) => at(d, i, k) * at(w, j, k))));
  return {
    y,
    x: cotangent.map((g, i) => g + (Number.isFinite(back[i]!) ? back[i]! / scale : 0)),
    weight: each(width, (i, j) => r(over(rows, (k) => at(inside, k, i) * at(d, k, j))) / scale),
    bias: Array.from({length: width}, (_, j) => over(rows, (k) => at(d, k, j)) / scale)
  };
}

describe.each(["fp16", "1-3-12", "1-6-9", "bf16"] as const)("in %s", (name) => {
  const format: FloatFormat = floatFormats[name];
  test.each([1, 2 ** 13])("it is the paper's algorithm, number by number, at scale %d", async (scale) => {
    const s = scalar(scale);
    const got = await computed({format, gradientFormat: format, scale: s});
    const wanted = expected(format, scale);
    for (const part of ["y", "x", "weight", "bias"] as const) {
      const largest = Math.max(...wanted[part].map(Math.abs));
      got[part].forEach((v, i) => {
        expect(Math.abs(v - wanted[part][i]!), `${part} ${i}`).toBeLessThanOrEqual(2e-7 * largest);
      });
    }
    s.dispose();
  });
});

test("a scale of 1 loses gradients below fp16, 2^13 keeps them", async () => {
  const tiny = async (scale: number) => {
    const s = scalar(scale * 2 ** -12);
    const {weight: gradient} = await computed({...fp16, scale: s});
    s.dispose();
    return gradient.filter((v) => v !== 0).length;
  };
  expect(await tiny(1)).toBeLessThan(8);
  expect(await tiny(2 ** 13)).toBe(width * width);
});

test("an overflow inside leaves the identity path's gradient alone, and shows in the weights'", async () => {
  const s = scalar(2 ** 40);
  const {x: dx, weight: dw} = await computed({...fp16, scale: s});
  expect(Array.from(dx)).toEqual(cotangent);
  expect(dw.some((v) => !Number.isFinite(v))).toBe(true);
  s.dispose();
});

test("it leaves no tensor behind", async () => {
  const before = memory().numTensors;
  const s = scalar(1);
  await computed({...fp16, scale: s});
  s.dispose();
  expect(memory().numTensors).toBe(before);
});

const fp16 = {format: floatFormats.fp16, gradientFormat: floatFormats.fp16};
