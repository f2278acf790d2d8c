// How soon a chapter trains, and what it costs the page: for each training figure, in a browser that has never been there,
//
//   npm run build && npx tsx scripts/bench-start.ts
//   options: --backend wasm  --only prior,clip  --seconds 10
//
// Prints a table: scripts that the page has loaded before anything is pressed (kB after gzip, the worker's apart), seconds
// from the visit's begin until Train can be pressed and from pressing it to the first update, and the longest task of the
// page's own thread in both times. Needs a quiet machine to say anything.

import {parseArgs} from "node:util";
import {gzipSync} from "node:zlib";
import type {Page} from "playwright-core";
import {graphics, launchBrowser} from "../test/browser/launch.js";
import {backendOf, barOf, type ChapterRun, ready, runs, stepsOf} from "../test/pages/runs.js";
import {serve} from "./serve.js";

const {values} = parseArgs({
  options: {
    backend: {type: "string", default: "wasm"},
    only: {type: "string"},
    seconds: {type: "string", default: "10"}
  }
});
const chosen = runs.filter(({model}) => values.only === undefined || values.only.split(",").includes(model));

console.log(
  "| | page's scripts, kB | worker's, kB | Train ready, s | first update, s | longest task: opening, ms | training, ms |"
);
console.log(`| --- |${" ---: |".repeat(6)}`);
const {server, address} = await serve({folder: "dist"});
for (const run of chosen) {
  const browser = await launchBrowser(values.backend === "wasm" ? "none" : graphics("webgpu"));
  const page = await (await browser.newContext({viewport: {width: 1280, height: 720}})).newPage();
  try {
    console.log(`| ${run.label} | ${(await measure(page, run)).join(" | ")} |`);
  } catch (error) {
    console.log(`| ${run.label} | failed: ${error instanceof Error ? error.message.split("\n")[0] : error} |`);
  }
  await browser.close();
}
server.close();
process.exit(0);

async function measure(page: Page, run: ChapterRun): Promise<string[]> {
  const scripts = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    if (!/\.js($|\?)/.test(response.url())) return;
    scripts.set(
      response.url(),
      response.body().then(
        (body) => gzipSync(body).length,
        () => 0
      )
    );
  });
  await page.addInitScript(() => {
    const longest: number[] = [];
    Object.assign(window, {longTasks: longest});
    new PerformanceObserver((list) => longest.push(...list.getEntries().map(({duration}) => duration))).observe({
      type: "longtask",
      buffered: true
    });
  });
  const begun = performance.now();
  await page.goto(`${address}${run.path}?backend=${values.backend}`);
  const bar = barOf(page, run);
  await ready(bar);
  const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(1);
  const opening = seconds(begun);
  const loaded = [...scripts];
  await bar.getByRole("button", {name: "Reset"}).click(); // its stored weights may be at the end already
  while ((await stepsOf(bar)) !== 0) await page.waitForTimeout(50);
  const atOpening = await longestTask(page);
  const pressed = performance.now();
  await bar.getByRole("button", {name: /^Train/}).click();
  while ((await stepsOf(bar)) === 0) await page.waitForTimeout(20);
  const first = seconds(pressed);
  await page.waitForTimeout(1000 * Number(values.seconds));
  const training = await longestTask(page);
  const {description} = await backendOf(page);
  if (!description.toLowerCase().startsWith(values.backend!)) throw new Error(`ran on ${description}`);
  return [size(await gzipped(loaded, false)), size(await gzipped(loaded, true)), opening, first, atOpening, training];
}

async function gzipped(scripts: readonly [string, Promise<number>][], worker: boolean): Promise<number> {
  const chosen = scripts.filter(([url]) => url.includes("/worker/") === worker);
  return (await Promise.all(chosen.map(([, bytes]) => bytes))).reduce((a, b) => a + b, 0);
}

function size(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

/** Of those since the last time: only tasks over 50 ms are told. */
async function longestTask(page: Page): Promise<string> {
  const tasks = await page.evaluate(() => (window as unknown as {longTasks: number[]}).longTasks.splice(0));
  return tasks.length === 0 ? "< 50" : Math.max(...tasks).toFixed(0);
}
