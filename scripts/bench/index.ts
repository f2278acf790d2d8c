// Times the same workloads with our WASM kernels and with tfjs's, in turn within one run:
//
//   npm run bench
//   options: --rounds 7  --only W1,W2
//
// Node, WASM, one thread. Prints medians, spreads and ratios as a table for docs/performance.md.

import "../relaxedSimd.js";
import {cpus} from "node:os";
import {parseArgs} from "node:util";
import {useBackend} from "../../components/tensor/index.js";
import {registerWasmKernels, unregisterWasmKernels} from "../../components/tensor/wasm/index.js";
import {drawing, dvaeStep, priorStep, type Workload} from "./workloads.js";

const {values} = parseArgs({options: {rounds: {type: "string", default: "7"}, only: {type: "string"}}});
const rounds = Number(values.rounds);
/** A round repeats a workload for at least so long, in ms. */
const least = 300;

await useBackend("wasm");
const peers = [
  {name: "ours", enter: async () => void (await registerWasmKernels())},
  {name: "tfjs's kernels", enter: async () => unregisterWasmKernels()}
] as const;
const made: readonly (() => Workload)[] = [dvaeStep, priorStep, () => drawing(true), () => drawing(false)];

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, one thread\n`
);
console.log(
  `| | ${peers.map(({name}) => `${name}, ms`).join(" | ")} | ratio |\n| --- |${" ---: |".repeat(peers.length + 1)}`
);
for (const make of made) {
  const workload = make();
  if (values.only === undefined || values.only.split(",").includes(workload.name)) {
    const times = new Map<string, number[]>(peers.map(({name}) => [name, []]));
    for (let round = 0; round <= rounds; ++round) {
      for (const {name, enter} of peers) {
        await enter();
        const time = await timeOf(workload);
        if (round > 0) times.get(name)!.push(time); // the first only warms up
      }
    }
    const [own, other] = peers.map(({name}) => times.get(name)!) as [number[], number[]];
    const ratios = own.map((time, i) => other[i]! / time);
    console.log(`| ${workload.name}: ${workload.what} | ${written(own)} | ${written(other)} | ${written(ratios)} |`);
  }
  workload.dispose();
}
process.exit(0);

/** Of one call, in ms. */
async function timeOf(workload: Workload): Promise<number> {
  const started = performance.now();
  let calls = 0;
  do {
    await workload.run();
    ++calls;
  } while (performance.now() - started < least);
  return (performance.now() - started) / calls;
}

/** "52.1 (50.9–55.0)": the median, from the least to the most. */
function written(all: readonly number[]): string {
  const sorted = [...all].sort((a, b) => a - b);
  const digits = (value: number) => String(Number(value.toPrecision(3)));
  return `${digits(sorted[Math.floor(sorted.length / 2)]!)} (${digits(sorted[0]!)}–${digits(sorted.at(-1)!)})`;
}
