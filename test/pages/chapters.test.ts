// Each chapter's model, trained by the page's own button, follows the curve that is stored beside its shipped weights:
// what the page trains is what `npm run pretrain` trained. And the run is there again after a reload.

import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Locator, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {root} from "../../scripts/run.js";
import {openSite, type Site} from "./site.js";

/** Page, the accessible name of the control bar, and the checkpoint whose manifest holds the curve. */
const runs = [
  {path: "autoencoder", label: "Train the autoencoder of every width", checkpoint: "xs-ae"},
  {path: "autoencoder", label: "Train the autoencoder with two latents", checkpoint: "xs-aePlane"},
  {path: "vae", label: "Train the VAE with two latents", checkpoint: "xs-vaePlane"},
  {path: "vae", label: "Train the VAE with eight latents", checkpoint: "xs-vae"},
  {path: "vqvae", label: "Train the flat VQ-VAE", checkpoint: "xs-vqvaePlane"},
  {path: "vqvae", label: "Train the VQ-VAE", checkpoint: "xs-vqvae"},
  {path: "gumbel", label: "Train the small dVAE", checkpoint: "xs-gumbel"},
  {path: "elbo", label: "Train the mixture", checkpoint: "xs-elbo"},
  {path: "dvae", label: "Train the discrete VAE", checkpoint: "xs-dvae"},
  {path: "prior", label: "Train the prior", checkpoint: "xs-prior"}
] as const;

/** Up to this step; the whole run would take a minute a chapter. */
const steps = 50;
/** Of the loss, relative: two workers add in another order than one, and the orders drift apart as training goes. */
const tolerance = 0.05;
/** For a machine under load; nothing here is about speed. */
const patience = 300_000;

let site: Site;
beforeAll(async () => {
  site = await openSite("none");
});
afterAll(() => site?.close());

async function stepsOf(bar: Locator): Promise<number> {
  const text = (await bar.locator(".readout b").first().textContent()) ?? "";
  return Number(text.split("/")[0]!.replace(/\D/g, "")) || 0;
}

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

describe.each(runs)("$path", ({path, label, checkpoint}) => {
  test(
    `${label}: along the stored curve`,
    async () => {
      const manifest = join(root, "data/checkpoints", `${checkpoint}.json`);
      expect(existsSync(manifest)).toBe(true);
      const {curve} = JSON.parse(readFileSync(manifest, "utf8")) as {curve: {step: number[]; loss: number[]}};
      const {page, problems, close} = await site.open(path, {search: "?backend=wasm"});
      try {
        const bar = page.getByRole("group", {name: label, exact: true});
        await bar.scrollIntoViewIfNeeded();
        await expect.poll(() => bar.getByRole("button", {name: /^Train/}).count(), {timeout: patience}).toBe(1);
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
