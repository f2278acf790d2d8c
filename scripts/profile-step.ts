// Where a training step's time goes on the WASM backend: kernels by total time, per step.
//   npx tsx scripts/profile-step.ts [dvae|prior] [xs|s] [stock]
// stock leaves our own WASM kernels out.

import "./relaxedSimd.js";
import {dirname} from "node:path";
import {fileURLToPath} from "node:url";
import {setWasmPaths} from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import {dvaeLoss, initDvae} from "../components/models/dvae.js";
import {gridSize} from "../components/models/dvaeConfig.js";
import {initPrior, maskTensors, priorLoss} from "../components/models/prior.js";
import {imageLength} from "../components/models/priorConfig.js";
import {dvaeRecipes, priorRecipes} from "../components/models/sizes.js";
import {
  AdamW,
  type FastOps,
  fastOps,
  gumbelTensor,
  type Params,
  setFastOps,
  uniformTensor,
  useBackend,
  valueAndGrads
} from "../components/tensor/index.js";
import {registerWasmKernels, unregisterWasmKernels} from "../components/tensor/wasm/index.js";
import {stream} from "../data/random.js";

const [model = "dvae", size = "xs", stock] = process.argv.slice(2) as ["dvae" | "prior", "xs" | "s", string?];
const entry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(`${dirname(entry)}/`);
await useBackend("wasm");
if (stock) unregisterWasmKernels();
else await registerWasmKernels();

const random = stream(1, "profile");
const {optimizer, loss} = model === "dvae" ? dvae() : prior();

function dvae() {
  const {config, batchSize, adam} = dvaeRecipes[size]!;
  const grid = gridSize(config);
  const x = uniformTensor(random.child("x"), [batchSize, config.imageSize, config.imageSize, 3]);
  const gumbel = gumbelTensor(random.child("gumbel"), [batchSize, grid, grid, config.codes]);
  const hyper = {tau: 1, beta: 0, noise: 0.5, usageBonus: 1, certaintyBonus: 0, usageGroup: batchSize / 2};
  const optimizer = new AdamW(initDvae(config, random.child("weights")), adam);
  return {optimizer, loss: (params: Params) => dvaeLoss(params, config, x, gumbel, hyper)};
}

function prior() {
  const recipe = priorRecipes[size]!;
  const {config, batchSize, adam} = recipe;
  const ids = (name: string, count: number, n: number) => {
    const draws = random.child(name);
    return tf.tensor(
      Int32Array.from({length: batchSize * count}, () => draws.int(n)),
      [batchSize, count],
      "int32"
    );
  };
  const batch = {
    text: ids("text", config.textLength, config.textVocabulary),
    textWeight: tf.fill([batchSize, config.textLength], 1 / (batchSize * config.textLength)),
    image: ids("image", imageLength(config), config.codes)
  };
  const masks = maskTensors(config);
  const optimizer = new AdamW(initPrior(config, random.child("weights")), adam);
  return {optimizer, loss: (params: Params) => priorLoss(params, config, masks, batch, recipe)};
}

function step(): void {
  const {loss: value, aux, grads} = valueAndGrads(optimizer.params(), loss);
  const {gradNorm} = optimizer.step(grads, 1e-3);
  tf.dispose([value, aux, grads, gradNorm] as unknown as tf.TensorContainer);
}

const steps = 10;
/** Processor time of a step in milliseconds: other processes do not count. */
function run(): number {
  const start = process.cpuUsage();
  for (let i = 0; i < steps; ++i) step();
  const {user, system} = process.cpuUsage(start);
  return (user + system) / steps / 1000;
}

run();
const plain = Math.min(run(), run());

const spent = new Map<string, {ms: number; calls: number}>();
function note(name: string, ms: number): void {
  const entry = spent.get(name) ?? {ms: 0, calls: 0};
  entry.ms += ms / steps;
  entry.calls += 1 / steps;
  spent.set(name, entry);
}
for (const config of tf.getKernelsForBackend("wasm")) {
  const own = config.kernelFunc;
  tf.unregisterKernel(config.kernelName, "wasm");
  tf.registerKernel({
    ...config,
    kernelFunc(args) {
      const start = performance.now();
      const out = own(args);
      const ms = performance.now() - start;
      const inputs = args.inputs as Record<string, tf.TensorInfo>;
      const shapes = Object.values(inputs).map((input) => input?.shape?.join("×"));
      const name = process.env.SHAPES ? `${config.kernelName} ${shapes.join(", ")}` : config.kernelName;
      note(name, ms);
      return out;
    }
  });
}
function timed<F extends (...args: never[]) => unknown>(label: string, f: F): F {
  return ((...args: never[]) => {
    const start = performance.now();
    const out = f(...args);
    note(label, performance.now() - start);
    return out;
  }) as F;
}
const fused: Record<string, unknown> = {};
for (const [name, op] of Object.entries(fastOps())) {
  if (typeof op === "function") fused[name] = timed(name, op);
  else {
    const {forward, backward} = op;
    fused[name] = {
      forward: timed(`${name} forward`, forward as () => unknown),
      backward: timed(`${name} backward`, backward as () => unknown)
    };
  }
}
setFastOps(fused as Partial<FastOps>);
const profiled = run();
const kernels = [...spent].sort(([, a], [, b]) => b.ms - a.ms);
const total = kernels.reduce((sum, [, {ms}]) => sum + ms, 0);
console.log(`${model} ${size}${stock ? " stock" : ""}: ${plain.toFixed(1)} ms of processor time a step`);
console.log(`profiled: ${profiled.toFixed(1)} ms, of which kernels ${total.toFixed(1)} ms`);
for (const [name, {ms, calls}] of kernels.slice(0, Number(process.env.SHAPES ?? 24))) {
  console.log(`${ms.toFixed(2).padStart(9)} ms ${calls.toFixed(0).padStart(6)} ×  ${name}`);
}
