// Where a training step's time goes on the WASM backend: kernels by total time, per step.
//   npx tsx scripts/profile-step.ts [W1|W2|W3] [stock]
// stock leaves our own WASM kernels out.

import "./relaxedSimd.js";
import {dirname} from "node:path";
import {fileURLToPath} from "node:url";
import {setWasmPaths} from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import {type FastOps, fastOps, setFastOps, useBackend} from "../components/tensor/index.js";
import {registerWasmKernels, unregisterWasmKernels} from "../components/tensor/wasm/index.js";
import {drawing, dvaeStep, priorStep} from "./bench/workloads.js";

const [name = "W1", stock] = process.argv.slice(2) as ["W1" | "W2" | "W3", string?];
const entry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(`${dirname(entry)}/`);
await useBackend("wasm");
if (stock) unregisterWasmKernels();
else await registerWasmKernels();

const makers = {W1: dvaeStep, W2: priorStep, W3: () => drawing(true)};
const workload = makers[name]();

const steps = 10;
/** Processor time of a step in milliseconds: other processes do not count. */
async function run(): Promise<number> {
  const start = process.cpuUsage();
  for (let i = 0; i < steps; ++i) await workload.run();
  const {user, system} = process.cpuUsage(start);
  return (user + system) / steps / 1000;
}

await run();
const plain = Math.min(await run(), await run());

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
const profiled = await run();
const kernels = [...spent].sort(([, a], [, b]) => b.ms - a.ms);
const total = kernels.reduce((sum, [, {ms}]) => sum + ms, 0);
console.log(`${name}${stock ? " stock" : ""}: ${plain.toFixed(1)} ms of processor time a step`);
console.log(`profiled: ${profiled.toFixed(1)} ms, of which kernels ${total.toFixed(1)} ms`);
for (const [name, {ms, calls}] of kernels.slice(0, Number(process.env.SHAPES ?? 24))) {
  console.log(`${ms.toFixed(2).padStart(9)} ms ${calls.toFixed(0).padStart(6)} ×  ${name}`);
}
