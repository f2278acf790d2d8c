// The page's side of scripts/bench/gpu.ts.

import {setFastOps, setReadTimeout, useBackend} from "../../components/tensor/index.js";
import {webgpuFastOps} from "../../components/tensor/webgpu/index.js";
import {hook} from "./count.js";
import {titles} from "./inputs.js";
import type {Workload, WorkloadName} from "./peer.js";
import {drawing, dvaeStep, priorStep} from "./workloads.js";

export interface Measured {
  readonly what: string;
  readonly dispatches: number;
  readonly copies: number;
  readonly submissions: number;
  /** The dispatches by the label of their pipeline. */
  readonly kinds: Readonly<Record<string, number>>;
  /** ms, of each call. */
  readonly times: readonly number[];
}

const workloads: Readonly<Partial<Record<WorkloadName, () => Workload>>> = {
  W1: dvaeStep,
  W2: priorStep,
  W3: () => drawing(true)
};
const counts = {dispatches: 0, copies: 0, submissions: 0};
let kinds: Record<string, number> = {};

/** Starts WebGPU and says what draws. */
async function start(): Promise<string> {
  setReadTimeout(10 * 60_000);
  const {description} = await useBackend("webgpu");
  hook(GPUComputePassEncoder.prototype, "setPipeline", (_, [pipeline]) => {
    const {label} = pipeline as GPUComputePipeline;
    kinds[label] = (kinds[label] ?? 0) + 1;
  });
  hook(GPUComputePassEncoder.prototype, "dispatchWorkgroups", () => void ++counts.dispatches);
  hook(GPUCommandEncoder.prototype, "copyBufferToBuffer", () => void ++counts.copies);
  hook(GPUQueue.prototype, "submit", () => void ++counts.submissions);
  return description;
}

/** Runs a workload, with our fused ops or without, after a call that compiles the shaders. */
async function measure(name: WorkloadName, fused: boolean, calls: number): Promise<Measured> {
  setFastOps(fused ? webgpuFastOps : {});
  const workload = workloads[name]!();
  await workload.run();
  Object.assign(counts, {dispatches: 0, copies: 0, submissions: 0});
  kinds = {};
  const times: number[] = [];
  for (let call = 0; call < calls; ++call) {
    const started = performance.now();
    await workload.run();
    times.push(performance.now() - started);
  }
  workload.dispose();
  setFastOps(webgpuFastOps);
  const perCall = (count: number) => count / calls;
  return {
    what: titles[name],
    dispatches: perCall(counts.dispatches),
    copies: perCall(counts.copies),
    submissions: perCall(counts.submissions),
    kinds: Object.fromEntries(Object.entries(kinds).map(([kind, count]) => [kind, perCall(count)])),
    times
  };
}

export interface GpuBench {
  start: typeof start;
  measure: typeof measure;
}
Object.assign(globalThis, {gpuBench: {start, measure} satisfies GpuBench});
