// How a step grows with its batch, and attention with the length of a sequence, worked on block by block as the mask
// allows or over all pairs: `npx tsx scripts/bench/growth.ts`. Node, WASM, one thread. Prints tables for
// docs/performance.md.

import "../relaxedSimd.js";
import {cpus} from "node:os";
import {maskGroups} from "../../components/nn/maskGroups.js";
import {attends, type ImagePattern} from "../../components/nn/masks.js";
import {
  AttentionMask,
  dispose,
  mul,
  normalTensor,
  selfAttention,
  sum,
  useBackend,
  valueAndGrads
} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";
import {dvaeInputs, priorInputs} from "./inputs.js";
import {head} from "./table.js";
import {dvaeStep, priorStep} from "./workloads.js";

const rounds = 5;
/** A round repeats a call for at least so long, in ms. */
const least = 200;
const heads = 4;
const headSize = 32;
const words = 17; // the start and 16 tokens
const kernel = 11; // the paper's

await useBackend("wasm");
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, one thread\n`
);

console.log(head(["batch", "W1, ms", "ms an image", "W2, ms", "ms a row"]));
for (const batch of [8, 16, 32, 64, 128]) {
  const steps = [dvaeStep(dvaeInputs(undefined, batch)), priorStep(priorInputs(undefined, batch))];
  const cells: number[] = [];
  for (const step of steps) {
    const ms = await median(() => step.run());
    step.dispose();
    cells.push(ms, ms / batch);
  }
  console.log(`| ${[batch, ...cells.map(digits)].join(" | ")} |`);
}

const patterns: readonly ImagePattern[] = ["row", "column", "convolution", "dense"];
console.log(`\n${head(["grid", "length", "all pairs, ms", ...patterns.map((pattern) => `${pattern}, ms`)])}`);
for (const grid of [4, 6, 8, 12, 16, 24, 32]) {
  const length = words + grid * grid;
  const allows = (pattern: ImagePattern) => (query: number, key: number) =>
    attends(pattern, query, key, words, grid, kernel);
  const whole = new AttentionMask(length, allows("row"), [Array.from({length}, (_, i) => i)]);
  const masks = [
    whole,
    ...patterns.map((of) => new AttentionMask(length, allows(of), maskGroups(of, length, words, grid, kernel)))
  ];
  const qkv = normalTensor(stream(1, "growth", grid), [1, length, 3 * heads * headSize]);
  const times: number[] = [];
  for (const mask of masks) {
    times.push(
      await median(() => {
        const {loss, grads} = valueAndGrads({qkv}, ({qkv}) => ({
          loss: sum(mul(selfAttention(qkv!, heads, mask), 1e-3))
        }));
        dispose([loss, grads]);
      })
    );
    mask.dispose();
  }
  dispose(qkv);
  console.log(`| ${[grid, length, ...times.map(digits)].join(" | ")} |`);
}
process.exit(0);

async function median(call: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; ++round) {
    const started = performance.now();
    let calls = 0;
    do {
      await call();
      ++calls;
    } while (performance.now() - started < least);
    if (round > 0) times.push((performance.now() - started) / calls); // the first only warms up
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
