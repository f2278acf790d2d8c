// How long the two sizes take to train: `npx tsx scripts/bench/sizes.ts`. Node, WASM; each stage with its own data, on one
// thread and on two. Prints a table for docs/performance.md.

import "../relaxedSimd.js";
import {cpus} from "node:os";
import {useBackend} from "../../components/tensor/index.js";
import {shippedDvae} from "../shipped.js";
import {begun} from "../train.js";
import {head, row, written} from "./table.js";

/** Updates before the clock starts, and how long it runs, in ms. */
const warmUp = 6;
const span = 8000;

await useBackend("wasm");
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`);
console.log(head(["", "updates", "one thread, ms an update", "two threads, ms", "all updates on two, minutes"]));
for (const size of ["xs", "s"] as const) {
  for (const model of ["dvae", "prior"] as const) {
    const cells: string[] = [];
    let [updates, minutes] = [0, 0];
    for (const workers of [1, 2]) {
      const trainer = begun({model, size, seed: 1}, workers, shippedDvae(size));
      updates = trainer.totalSteps;
      for (let i = 0; i < warmUp; ++i) await trainer.update({}, false);
      const times: number[] = [];
      const begin = performance.now();
      while (performance.now() - begin < span) {
        const started = performance.now();
        await trainer.update({}, false);
        times.push(performance.now() - started);
      }
      minutes = ((performance.now() - begin) / times.length / 60_000) * updates;
      cells.push(written(times));
      trainer.dispose();
    }
    console.log(row([`${size.toUpperCase()} ${model}`, String(updates), ...cells, minutes.toFixed(1)]));
  }
}
process.exit(0);
