// Trains XS from nothing in a real browser, by the page's own buttons, on WASM without a GPU, and keeps what came out:
//
//   npm run build && npx tsx scripts/train-in-page.ts
//   npm run evaluate -- xs --folder .cache/in-page
//
// Prints the steps over time. Needs a quiet machine to say anything about speed.

import {mkdirSync, writeFileSync} from "node:fs";
import type {Download, Locator} from "playwright-core";
import {launchBrowser} from "../test/browser/launch.js";
import {serve} from "./serve.js";

const folder = ".cache/in-page";
const limit = 30 * 60; // seconds
mkdirSync(folder, {recursive: true});

const {server, address} = await serve({folder: "dist"});
const browser = await launchBrowser("none");
const page = await (await browser.newContext({viewport: {width: 1280, height: 900}})).newPage();
page.on("pageerror", (error) => console.log(`thrown: ${error.message}`));
await page.goto(`${address}dalle?backend=wasm`);
const figure = page.locator(".train-pipeline");
const stages = [
  page.getByRole("group", {name: "Train the discrete VAE"}),
  page.getByRole("group", {name: "Train the prior"})
];
await figure.scrollIntoViewIfNeeded();
await page.getByRole("button", {name: "Train both"}).click();
const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;

const curve: {seconds: number; stage: number; step: number}[] = [];
for (const [stage, bar] of stages.entries()) {
  await bar.scrollIntoViewIfNeeded();
  for (let finished = false; !finished; ) {
    await page.waitForTimeout(5000);
    const {step, total} = await stepsOf(bar);
    curve.push({seconds: Math.round(seconds()), stage: stage + 1, step});
    console.log(`${seconds().toFixed(0)} s: stage ${stage + 1}, step ${step} of ${total}`);
    finished = total > 0 && step >= total;
    if (seconds() > limit) throw new Error("train-in-page: expected both stages within half an hour");
  }
  await page.screenshot({path: `${folder}/stage-${stage + 1}.png`});
}
const downloads: Download[] = [];
page.on("download", (download) => downloads.push(download));
await page.getByRole("button", {name: "Save to files"}).click();
while (downloads.length < 2) await page.waitForTimeout(200);
for (const download of downloads) {
  const model = /dvae/.test(download.suggestedFilename()) ? "dvae" : "prior";
  await download.saveAs(`${folder}/xs-${model}.safetensors`);
}
writeFileSync(`${folder}/curve.json`, `${JSON.stringify(curve)}\n`);
await browser.close();
server.close();
process.exit(0);

async function stepsOf(bar: Locator): Promise<{step: number; total: number}> {
  const text = (await bar.locator(".readout b").first().textContent()) ?? "";
  const [step = 0, total = 0] = text.split("/").map((part) => Number(part.replace(/\D/g, "")));
  return {step, total};
}
