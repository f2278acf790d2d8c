// Counts what a training step asks of WebGPU, and times it, with our fused ops and without:
//
//   npx tsx scripts/bench/gpu.ts
//   options: --calls 3  --only W1,W2  --kinds (lists the shaders)
//
// In a browser, in software unless GRAPHICS=hardware. tfjs's Slice and Concat stay replaced in both.

import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {bundle} from "../../test/browser/bundle.js";
import {graphics} from "../../test/browser/launch.js";
import {openScript} from "../../test/browser/page.js";
import type {GpuBench} from "./gpuPage.js";
import type {WorkloadName} from "./peer.js";

declare const gpuBench: GpuBench;

const {values} = parseArgs({
  options: {
    calls: {type: "string", default: "3"},
    only: {type: "string", default: "W1,W2,W3"},
    kinds: {type: "boolean", default: false}
  }
});
const entry = fileURLToPath(new URL("gpuPage.ts", import.meta.url));
const {page, errors, close} = await openScript(await bundle(entry), graphics("webgpu"));
try {
  console.log(await page.evaluate(() => gpuBench.start()));
  console.log("| | ops | dispatches | copies | submissions | ms |\n| --- | --- | ---: | ---: | ---: | ---: |");
  for (const name of values.only.split(",") as WorkloadName[]) {
    for (const fused of [false, true]) {
      const options = [name, fused, Number(values.calls)] as const;
      const {what, dispatches, copies, submissions, kinds, times} = await page.evaluate(
        (given) => gpuBench.measure(...given),
        options
      );
      const numbers = [dispatches, copies, submissions].map((count) => String(Math.round(count))).join(" | ");
      const ms = times.map((time) => time.toFixed(0)).join(", ");
      console.log(`| ${name}: ${what} | ${fused ? "fused" : "composed"} | ${numbers} | ${ms} |`);
      if (!values.kinds) continue;
      for (const [kind, count] of Object.entries(kinds).sort((a, b) => b[1] - a[1])) console.log(`  ${count} ${kind}`);
    }
  }
  if (errors.length > 0) console.log(errors.join("\n"));
} finally {
  await close();
}
process.exit(errors.length > 0 ? 1 : 0);
