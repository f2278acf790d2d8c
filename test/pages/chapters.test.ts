// Each chapter's model, trained by the page's own button, follows the curve that is stored beside its shipped weights:
// what the page trains is what `npm run pretrain` trained. And the run is there again after a reload.

import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {root} from "../../scripts/run.js";
import {barOf, patience, ready, runs, stepsOf} from "./runs.js";
import {openSite, type Site} from "./site.js";

/** Up to this step; the whole run would take a minute a chapter. */
const steps = 50;
/** Of the loss, relative: two workers add in another order than one, and the orders drift apart as training goes. */
const tolerance = 0.05;

let site: Site;
beforeAll(async () => {
  site = await openSite("none");
});
afterAll(() => site?.close());

/** The steps of the runs in the browser's storage. */
function storedSteps(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve, reject) => {
        const request = indexedDB.open("dalle-notebook");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction("runs").objectStore("runs").getAll();
          all.onerror = () => reject(all.error);
          all.onsuccess = () => {
            request.result.close();
            resolve((all.result as {step: number}[]).map(({step}) => step));
          };
        };
      })
  );
}

describe.each(runs)("$path", ({path, label, model}) => {
  test(
    `${label}: along the stored curve`,
    async () => {
      const manifest = join(root, "data/checkpoints", `xs-${model}.json`);
      expect(existsSync(manifest)).toBe(true);
      const {curve} = JSON.parse(readFileSync(manifest, "utf8")) as {curve: {step: number[]; loss: number[]}};
      const {page, problems, close} = await site.open(path, {search: "?backend=wasm"});
      try {
        const bar = barOf(page, {label});
        await ready(bar);
        await bar.getByRole("button", {name: "Reset"}).click();
        await bar.getByRole("button", {name: "Train", exact: true}).click();
        await expect.poll(() => stepsOf(bar), {timeout: patience}).toBeGreaterThan(steps);
        await bar.getByRole("button", {name: "Pause"}).click();
        const kept = () =>
          page.evaluate(() => {
            const all = Object.entries(localStorage).filter(([key]) => key.startsWith("curves "));
            const losses = all.map(
              ([, text]) => JSON.parse(text as string).loss as {steps: number[]; values: number[]}
            );
            return losses.find((loss) => (loss?.steps.length ?? 0) > 5) ?? null;
          });
        await expect.poll(async () => (await kept()) !== null, {timeout: patience}).toBe(true);
        const {steps: at, values} = (await kept())!;
        const compared = curve.step.filter((step) => step <= steps && at.includes(step));
        expect(compared.length).toBeGreaterThan(0);
        for (const step of compared) {
          const stored = curve.loss[curve.step.indexOf(step)]!;
          const here = values[at.indexOf(step)]!;
          expect(Math.abs(here - stored) / Math.max(1, Math.abs(stored)), `step ${step}`).toBeLessThan(tolerance);
        }
        await expect.poll(() => bar.getByRole("button", {name: /^Train/}).count(), {timeout: patience}).toBe(1);
        const reached = await stepsOf(bar);
        await expect.poll(() => storedSteps(page), {timeout: patience}).toContain(reached);
        await page.reload();
        await bar.scrollIntoViewIfNeeded();
        await expect.poll(() => stepsOf(bar), {timeout: patience}).toBe(reached);
        expect(problems).toEqual([]);
      } finally {
        await close();
      }
    },
    3 * patience
  );
});
