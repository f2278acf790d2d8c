// Our WASM kernels against those they replace, one thread:
//   npx tsx scripts/bench-kernels.ts [part of a case's name]
// Prints the processor time of a call in milliseconds and GFLOP/s (2 FLOP a multiply-add, the padding counted).

import "./relaxedSimd.js";
import {dirname} from "node:path";
import {fileURLToPath} from "node:url";
import {setWasmPaths} from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import {registerMends} from "../components/tensor/mends/index.js";
import {registerWasmKernels, unregisterWasmKernels} from "../components/tensor/wasm/index.js";
import {stream} from "../data/random.js";

interface Case {
  readonly name: string;
  readonly flop: number;
  readonly run: () => tf.TensorInfo | tf.TensorInfo[];
}

let drawn = 0;
function normal(...shape: number[]): tf.Tensor {
  const data = stream(1, "bench", drawn++).fillNormal(new Float32Array(tf.util.sizeFromShape(shape)));
  return tf.tensor(data, shape);
}

/** A kernel call without the tape and without gradients. */
function kernel(name: string, inputs: Record<string, tf.Tensor>, attrs: Record<string, unknown>): () => tf.Tensor {
  return () => tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}

function matMul(label: string, batch: number[], m: number, k: number, n: number, ta = false, tb = false): Case {
  const a = normal(...batch, ...(ta ? [k, m] : [m, k]));
  const b = normal(...batch, ...(tb ? [n, k] : [k, n]));
  return {
    name: `matMul ${label} ${batch.length ? `${batch}×` : ""}[${m}, ${k}]${ta ? "ᵀ" : ""}·[${k}, ${n}]${tb ? "ᵀ" : ""}`,
    flop: 2 * m * k * n * tf.util.sizeFromShape(batch),
    run: kernel("BatchMatMul", {a, b}, {transposeA: ta, transposeB: tb})
  };
}

function convolution(batch: number, size: number, inputs: number, outputs: number, k: number): Case[] {
  const x = normal(batch, size, size, inputs);
  const filter = normal(k, k, inputs, outputs);
  const dy = normal(batch, size, size, outputs);
  const attrs = {strides: [1, 1], pad: "same", dataFormat: "NHWC", dilations: [1, 1]};
  const flop = 2 * batch * size * size * k * k * inputs * outputs;
  const name = `${size}×${size} ${inputs}→${outputs} ${k}×${k}`;
  return [
    {name: `conv ${name}`, flop, run: kernel("Conv2D", {x, filter}, attrs)},
    {
      name: `conv ${name} input gradient`,
      flop,
      run: kernel("Conv2DBackpropInput", {dy, filter}, {...attrs, inputShape: x.shape})
    },
    {
      name: `conv ${name} filter gradient`,
      flop,
      run: kernel("Conv2DBackpropFilter", {x, dy}, {...attrs, filterShape: filter.shape})
    }
  ];
}

function cases(): Case[] {
  return [
    matMul("512", [], 512, 512, 512),
    matMul("mlp", [], 1280, 96, 384),
    matMul("mlp dx", [], 1280, 384, 96, false, true),
    matMul("mlp dW", [], 96, 1280, 384, true, false),
    matMul("mlp", [], 1280, 384, 96),
    matMul("one row of 8", [], 8, 96, 384),
    matMul("q·kᵀ", [128], 40, 24, 40, false, true),
    matMul("p·v", [128], 40, 40, 24),
    matMul("q·kᵀ", [64], 80, 32, 80, false, true),
    matMul("p·v", [64], 80, 80, 32),
    matMul("pᵀ·dy", [64], 80, 80, 32, true, false),
    ...convolution(32, 32, 3, 32, 7),
    ...convolution(32, 32, 32, 8, 3),
    ...convolution(32, 32, 8, 8, 3),
    ...convolution(32, 32, 8, 32, 1),
    ...convolution(32, 16, 64, 16, 3),
    ...convolution(32, 16, 16, 16, 3),
    ...convolution(32, 8, 128, 32, 3),
    ...convolution(32, 8, 32, 32, 3),
    ...convolution(32, 8, 128, 256, 1)
  ];
}

/** Processor time of a call, so that other processes do not count: the least of five batches of about 0.1 s. */
function time(run: Case["run"]): number {
  const batch = (calls: number) => {
    const start = process.cpuUsage();
    for (let i = 0; i < calls; ++i) tf.dispose(run() as tf.Tensor);
    const {user, system} = process.cpuUsage(start);
    return (user + system) / calls / 1000;
  };
  batch(3);
  const calls = Math.max(1, Math.ceil(100 / batch(1)));
  return Math.min(...Array.from({length: 5}, () => batch(calls)));
}

const entry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(`${dirname(entry)}/`);
registerMends("wasm");
await tf.setBackend("wasm");
const chosen = cases().filter(({name}) => name.includes(process.argv[2] ?? ""));
const before = chosen.map(({run}) => time(run));
if (!(await registerWasmKernels())) throw new Error("bench-kernels: expected our kernels to be registered");
const after = chosen.map(({run}) => time(run));
unregisterWasmKernels();

const width = Math.max(...chosen.map(({name}) => name.length));
console.log(`${"".padEnd(width)}      before ms  GFLOP/s     ours ms  GFLOP/s`);
for (const [i, {name, flop}] of chosen.entries()) {
  const column = (ms: number) => ms.toFixed(3).padStart(11) + (flop / ms / 1e6).toFixed(1).padStart(9);
  console.log(`${name.padEnd(width)}    ${column(before[i]!)} ${column(after[i]!)}`);
}
