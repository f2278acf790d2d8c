// Several workers in a real browser: they start, send what is counted, and train along the stored curve of one worker.

import {readFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {root} from "../../scripts/run.js";
import {openSite, type Site} from "./site.js";

const patience = 300_000;
const steps = 20;

let site: Site;
beforeAll(async () => {
  site = await openSite("none");
});
afterAll(() => site?.close());

test.each([
  {search: "", compression: "none", rank: 0, share: 1},
  {search: "&send=fixed&rank=4", compression: "fixed", rank: 4, share: 0.22}
])(
  "two workers, $compression: along the stored curve, and the bytes of their messages are shown",
  async ({search, compression, rank, share}) => {
    const {runs} = JSON.parse(readFileSync(join(root, "data/powersgd.json"), "utf8")) as {
      runs: {compression: string; rank: number; seed: number; steps: number[]; loss: number[]}[];
    };
    const stored = runs.find((run) => run.compression === compression && run.rank === rank && run.seed === 1)!;
    const {page, problems, close} = await site.open("scale", {search: `?v=1&workers=2${search}&backend=wasm`});
    try {
      const figure = page.locator(".parallel-figure");
      const bar = page.getByRole("group", {name: "Train the prior on several workers", exact: true});
      await bar.scrollIntoViewIfNeeded();
      await bar.getByRole("button", {name: "Train", exact: true}).click();
      const readout = async (unit: string) => {
        const text = (await bar.locator(".readout", {hasText: unit}).locator("b").first().textContent()) ?? "";
        return Number(text.split("/")[0]!.trim()) || 0;
      };
      await expect.poll(() => readout("steps"), {timeout: patience}).toBeGreaterThanOrEqual(steps);
      await bar.getByRole("button", {name: "Pause"}).click();
      await expect
        .poll(() => bar.getByRole("button", {name: "Train", exact: true}).count(), {timeout: patience})
        .toBe(1);
      // The curve is kept with the run, a moment after the button has changed.
      const kept = () => page.evaluate(() => localStorage.getItem("curves prior-parallel"));
      await expect.poll(kept, {timeout: patience}).not.toBeNull();
      const {loss} = JSON.parse((await kept())!) as {loss: {steps: number[]; values: number[]}};
      for (const step of [10, 20]) {
        const here = loss.values[loss.steps.indexOf(step)]!;
        const there = stored.loss[stored.steps.indexOf(step)]!;
        expect(Math.abs(here - there) / there, `step ${step}`).toBeLessThan(0.02);
      }
      const words = (await figure.locator(".wire-words").textContent())!;
      expect(Number(/sends ([\d.]+) %/.exec(words)![1]) / 100).toBeCloseTo(share, 1);
      expect(problems).toEqual([]);
    } finally {
      await close();
    }
  },
  2 * patience
);
