// Each chapter's training figures on the two graphics backends, in software unless GRAPHICS=hardware: they open with the
// shipped weights, show their pictures, and the first updates after a reset lose what the same updates lose in Node.

import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {useBackend} from "../../components/tensor/index.js";
import type {EngineHandle} from "../../components/training/client.js";
import {createTrainer, needsDvae} from "../../components/training/createTask.js";
import type {BackendReport, ModelName} from "../../components/training/protocol.js";
import {shippedDvae} from "../../scripts/shipped.js";
import {described, graphics, onHardware} from "../browser/launch.js";
import {barOf, lossOf, patience, ready, runs, stepsOf} from "./runs.js";
import {openSite, type Site} from "./site.js";

interface Chapter {
  readonly path: string;
  /** Figures that draw with the shipped weights, by their names, and how many of their pictures show something on WASM. */
  readonly shown: Readonly<Record<string, number>>;
  /** The model whose figure, the first of `shown`, is trained on WebGPU; null for none. */
  readonly webgpu: ModelName | null;
  /** The backends on which it is quick enough in software to be tried each time; all are with ALL_BACKENDS=1. */
  readonly quickOn: readonly ("webgl" | "webgpu")[];
}

const chapters: readonly Chapter[] = [
  {
    path: "autoencoder",
    shown: {"The plane of an autoencoder with two latents": 1},
    webgpu: "aePlane",
    quickOn: ["webgl"]
  },
  {
    path: "vae",
    shown: {"The plane of a VAE with two latents": 22, "A sample as a sum": 2},
    webgpu: "vaePlane",
    quickOn: ["webgl", "webgpu"]
  },
  {
    path: "vqvae",
    shown: {"A codebook that can be seen": 10, "A VQ-VAE in training": 18},
    webgpu: "vqvaePlane",
    quickOn: ["webgl"]
  },
  {path: "gumbel", shown: {"The gap of a trained model": 18}, webgpu: "gumbel", quickOn: ["webgl"]},
  {
    path: "elbo",
    shown: {"Train the exact mixture": 17, "The bound and its gap": 9},
    webgpu: "elbo",
    quickOn: ["webgl", "webgpu"]
  },
  {
    path: "dvae",
    shown: {"Train the discrete VAE, with everything to be seen": 19, "An image and its tokens": 7},
    webgpu: "dvae",
    quickOn: ["webgl"]
  },
  {
    path: "prior",
    shown: {"Train the prior on the tokens of the shipped discrete VAE": 4, "What the prior looks at": 16},
    webgpu: "prior",
    quickOn: []
  },
  {
    path: "dalle",
    shown: {"The pipeline, from the caption to the pixels and back": 5},
    webgpu: null,
    quickOn: []
  },
  {
    path: "clip",
    shown: {"A small CLIP in training": 10, "Candidates of a caption, ranked by a small CLIP": 4},
    webgpu: "clip",
    quickOn: []
  },
  {path: "scale", shown: {"Train the prior in mixed precision": 0}, webgpu: "priorHalf", quickOn: []},
  {path: "results", shown: {"A blind game: the miniature’s picture against another": 2}, webgpu: null, quickOn: []}
];

/**
 * How far a figure is trained. The first loss is the forward pass's; the second shows that the gradients moved the weights
 * as they should. In software WebGPU mostly takes two to three times as long as WebGL, and a chapter on WebGL up to two minutes
 * of processor time: so on WebGPU one figure of a chapter makes one update. The gradients on either backend are
 * tested in test/tensor.
 */
const updatesOn = {webgl: 2, webgpu: 1} as const;
/** Of the loss, relative; the bar shows three digits. */
const tolerance = 0.02;
/** Looking often takes time from what is looked at. */
const patiently = {timeout: patience, interval: 500};

let site: Site;
beforeAll(async () => {
  site = await openSite(graphics("webgpu")); // has WebGL too
  await useBackend("wasm");
});
afterAll(() => site?.close());

/** The losses of the first updates from random weights, in Node on WASM. */
async function lossesInNode(model: ModelName, updates: number): Promise<number[]> {
  const trainer = createTrainer({model, size: "xs", seed: 1}, needsDvae(model) ? shippedDvae("xs") : undefined);
  const losses: number[] = [];
  for (let i = 0; i < updates; ++i) losses.push((await trainer.update({}, true))!.loss!);
  trainer.dispose();
  return losses;
}

interface Watched {
  readonly engine: EngineHandle;
  readonly notices: string[];
}
declare const watched: Watched;

/** Finds the page's own engine, and from now on notes what it tells of lost workers and refused backends. */
async function watchEngine(page: Page): Promise<void> {
  // A string: Vitest would rewrite an import.
  await page.evaluate(`(async () => {
    const loaded = performance.getEntriesByType("resource").map(({name}) => name);
    const {connectEngine} = await import(loaded.find((name) => name.includes("/training/client.")));
    const [engine, notices] = [connectEngine(), []];
    engine.onNotice((sentence) => notices.push(sentence));
    globalThis.watched = {engine, notices};
  })()`);
}

function report(page: Page): Promise<BackendReport> {
  return page.evaluate(() => watched.engine.start());
}

function notices(page: Page): Promise<string[]> {
  return page.evaluate(() => watched.notices);
}

/** How many pictures of this figure show more than one colour. */
function pictures(page: Page, name: string): Promise<number> {
  return page.getByRole("figure", {name, exact: true}).evaluate((figure) => {
    const colours = (canvas: HTMLCanvasElement) => {
      const {data} = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer).filter((pixel) => pixel >>> 24 > 0)).size;
    };
    return [...figure.querySelectorAll("canvas")].filter((canvas) => canvas.width > 0 && colours(canvas) > 1).length;
  });
}

/** Reset, then the first updates by the bar's Step: the losses that it shows. */
async function firstLosses(page: Page, label: string, updates: number): Promise<number[]> {
  const bar = barOf(page, {label});
  await ready(bar);
  await bar.getByRole("button", {name: "Reset"}).click();
  await expect.poll(() => stepsOf(bar), patiently).toBe(0);
  const losses: number[] = [];
  for (let step = 1; step <= updates; ++step) {
    await bar.getByRole("button", {name: "Step"}).click();
    await expect.poll(() => stepsOf(bar), patiently).toBe(step);
    losses.push(await lossOf(bar));
  }
  return losses;
}

/** Software takes minutes for the transformers: those are tried by ALL_BACKENDS=1 npx vitest run test/pages/backends.test.ts. */
const all = onHardware || process.env.ALL_BACKENDS === "1";

test("every training figure has its place here, for WebGL, and one of each chapter for WebGPU", () => {
  const paths = chapters.map(({path}) => path);
  for (const {path} of runs) expect(paths).toContain(path);
  for (const {path, webgpu} of chapters) {
    if (webgpu !== null) expect(runs.some((run) => run.path === path && run.model === webgpu)).toBe(true);
  }
});

describe.each(["webgl", "webgpu"] as const)("%s", (backend) => {
  test.each(chapters.filter(({quickOn}) => all || quickOn.includes(backend)))(
    "$path",
    async ({path, shown, webgpu}) => {
      const {page, problems, close} = await site.open(path, {search: `?backend=${backend}`});
      try {
        await watchEngine(page);
        expect(await report(page)).toMatchObject({backend, description: expect.stringMatching(described)});
        const own = Object.entries(shown).slice(0, backend === "webgl" ? undefined : 1);
        for (const [name, count] of own) {
          await page.getByRole("figure", {name, exact: true}).scrollIntoViewIfNeeded();
          // With the notices, so that a lost worker is seen to be the cause.
          const seen = async () => ({enough: (await pictures(page, name)) >= count, notices: await notices(page)});
          await expect.poll(seen, {...patiently, message: name}).toEqual({enough: true, notices: []});
        }
        const here = runs.filter((run) => run.path === path && (backend === "webgl" || run.model === webgpu));
        for (const {label, model} of here) {
          const losses = await firstLosses(page, label, updatesOn[backend]);
          const expected = await lossesInNode(model, updatesOn[backend]);
          const off = losses.map((loss, i) => Math.abs(loss / expected[i]! - 1));
          expect(Math.max(...off), `${label}: ${losses} here, ${expected} in Node`).toBeLessThan(tolerance);
        }
        expect(await report(page)).toMatchObject({backend});
        expect(await notices(page)).toEqual([]);
        expect(await page.locator(".message.problem:not(:empty)").allTextContents()).toEqual([]);
        expect(await page.locator(".observablehq--error").count()).toBe(0);
        expect(problems).toEqual([]);
      } finally {
        await close();
      }
    },
    6 * patience
  );
});
