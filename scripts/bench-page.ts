// How fast each chapter's training figures train in the page, by backend, from random weights:
//
//   npm run build && npx tsx scripts/bench-page.ts
//   options: --backends wasm,webgl,webgpu  --only prior,clip  --seconds 5
//
// WebGL and WebGPU run in software unless GRAPHICS=hardware. Prints a table: updates a second, and the seconds from
// pressing Train to the first update, which has the shaders to compile. Needs a quiet machine to say anything.

import {parseArgs} from "node:util";
import type {Page} from "playwright-core";
import {graphics, launchBrowser} from "../test/browser/launch.js";
import {backendOf, barOf, type ChapterRun, ready, runs, stepsOf} from "../test/pages/runs.js";
import {serve} from "./serve.js";

const {values} = parseArgs({
  options: {
    backends: {type: "string", default: "wasm,webgl,webgpu"},
    only: {type: "string"},
    seconds: {type: "string", default: "5"}
  }
});
const limit = 120_000; // ms, for what hangs
const seconds = Number(values.seconds);
const backends = values.backends.split(",");
const chosen = runs.filter(({model}) => values.only === undefined || values.only.split(",").includes(model));

const cells = new Map<string, string>();
const {server, address} = await serve({folder: "dist"});
for (const backend of backends) {
  for (const run of chosen) {
    // A browser of its own: nothing that an earlier run left behind computes on.
    const browser = await launchBrowser(backend === "wasm" ? "none" : graphics("webgpu"));
    const page = await (await browser.newContext({viewport: {width: 1280, height: 720}})).newPage();
    const failed = page.waitForTimeout(limit).then(() => "failed: took over two minutes");
    let cell: string;
    try {
      await page.goto(`${address}${run.path}?backend=${backend}`);
      cell = await Promise.race([measure(page, run), failed]);
    } catch (error) {
      cell = `failed: ${error instanceof Error ? error.message.split("\n")[0] : error}`;
    }
    const {description} = await backendOf(page);
    console.log(`${backend}, ${run.label}: ${cell} (${description})`);
    cells.set(`${backend} ${run.label}`, cell);
    failed.catch(() => {}); // the browser is gone before the time is up
    await browser.close();
  }
}
server.close();

console.log(`\n| | ${backends.join(" | ")} |\n| --- |${" ---: |".repeat(backends.length)}`);
for (const {label} of chosen) {
  console.log(`| ${label} | ${backends.map((backend) => cells.get(`${backend} ${label}`)).join(" | ")} |`);
}
process.exit(0);

async function measure(page: Page, run: ChapterRun): Promise<string> {
  const bar = barOf(page, run);
  await ready(bar);
  await bar.getByRole("button", {name: "Reset"}).click();
  while ((await stepsOf(bar)) !== 0) await page.waitForTimeout(100);
  const pressed = performance.now();
  await bar.getByRole("button", {name: /^Train/}).click();
  const seen: {step: number; at: number}[] = []; // each number of steps when the bar first showed it
  while (performance.now() < (seen[0]?.at ?? Number.POSITIVE_INFINITY) + 1000 * seconds) {
    const step = await stepsOf(bar);
    if (step > (seen.at(-1)?.step ?? 0)) seen.push({step, at: performance.now()});
    if (seen.length > 0 && (await bar.getByRole("button", {name: /^Train/}).isVisible())) break; // it is done
    await page.waitForTimeout(50); // looking takes time from what is looked at
  }
  const [first] = seen;
  if (!first) return "failed: no step";
  const settled = seen.filter(({at}) => at > first.at + 500 * seconds);
  const [from, to] = [settled[0] ?? first, seen.at(-1)!];
  const rate = (to.step - from.step) / ((to.at - from.at) / 1000);
  return `${rate.toPrecision(3)} /s, first after ${((first.at - pressed) / 1000).toFixed(1)} s`;
}
