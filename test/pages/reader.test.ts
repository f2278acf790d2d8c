// What a reader does: draws from the shipped weights, meets a word that the model does not know, trains, goes on after a
// reload. On WASM, without a GPU, on the built site.

import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {stepsOf} from "./runs.js";
import {openSite, type Site} from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await openSite("none");
});
afterAll(() => site?.close());

const onWasm = {search: "?backend=wasm"};
/** Generous: a machine under load is slow, and nothing here is about speed. */
const patience = 120_000;

/** Presses Draw and waits for the picture, as a data URL. */
async function drawn(page: Page): Promise<string> {
  const message = page.locator(".instrument .figure-foot .message");
  // What an earlier draw said is taken away: a small draw is over before "Drawing …" could be seen.
  await message.evaluate((node) => {
    node.textContent = "";
  });
  await page.getByRole("button", {name: "Draw"}).click();
  await expect.poll(() => message.textContent(), {timeout: patience}).toMatch(/^Drawn in .* on WASM/);
  return page
    .locator(".instrument .stage canvas")
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

describe("home", () => {
  test(
    "draws from the shipped weights: the same from the same seed, another from another",
    async () => {
      const {page, problems, close} = await site.open("", onWasm);
      try {
        await page.getByRole("combobox", {name: "model"}).selectOption("xs");
        await page.getByRole("textbox", {name: "caption"}).fill("a red heart, top left");
        const first = await drawn(page);
        expect(await drawn(page)).toBe(first);
        await page.locator(".instrument").getByRole("button", {name: "+1"}).click();
        expect(await drawn(page)).not.toBe(first);
        expect(problems).toEqual([]);
      } finally {
        await close();
      }
    },
    5 * patience
  );

  test(
    "tells which words the model does not know",
    async () => {
      const {page, close} = await site.open("", onWasm);
      try {
        await page.getByRole("textbox", {name: "caption"}).fill("a purple elephant");
        await page.getByRole("button", {name: "Draw"}).click();
        const told = page.locator(".instrument .message");
        await expect.poll(async () => (await told.allTextContents()).join(), {timeout: patience}).toMatch(/elephant/);
      } finally {
        await close();
      }
    },
    2 * patience
  );
});

describe("dalle", () => {
  test(
    "trains both stages by their buttons, and has the run after a reload",
    async () => {
      const {page, problems, close} = await site.open("dalle", onWasm);
      try {
        const bar = (name: string) => page.getByRole("group", {name});
        const [first, second] = [bar("Train the discrete VAE"), bar("Train the prior")];
        await first.scrollIntoViewIfNeeded();
        await first.getByRole("button", {name: "Train"}).click();
        await expect.poll(() => stepsOf(first), {timeout: patience}).toBeGreaterThan(20);
        await first.getByRole("button", {name: "Pause"}).click();
        await expect.poll(() => first.getByRole("button", {name: "Train"}).count(), {timeout: patience}).toBe(1);
        const paused = await stepsOf(first);
        await second.scrollIntoViewIfNeeded();
        await second.getByRole("button", {name: "Step"}).click();
        await expect.poll(() => stepsOf(second), {timeout: patience}).toBe(1);
        expect(await stepsOf(first)).toBe(paused);
        await page.reload();
        await first.scrollIntoViewIfNeeded();
        await expect.poll(() => stepsOf(first), {timeout: patience}).toBe(paused);
        expect(problems).toEqual([]);
      } finally {
        await close();
      }
    },
    6 * patience
  );
});

describe("clip", () => {
  test(
    "ranks candidates as they come, and names a scene by the reader's prompts",
    async () => {
      const {page, problems, close} = await site.open("clip", {search: "?v=1&n=6&backend=wasm"});
      try {
        const lead = page.getByRole("figure", {name: "Candidates of a caption, ranked by a small CLIP"});
        await expect
          .poll(() => lead.locator(".rank-tally").textContent(), {timeout: patience})
          .toMatch(/of 6 that are/);
        const cosines = async () =>
          (await lead.locator(".card-cosine").allTextContents()).slice(0, 3).map((text) => Number(text.split(" ")[1]));
        const [best = 0, median = 0, worst = 0] = await cosines();
        expect(best).toBeGreaterThanOrEqual(median);
        expect(median).toBeGreaterThan(worst);
        const naming = page.getByRole("figure", {name: "Name an image by prompts"});
        await naming.scrollIntoViewIfNeeded();
        await naming.getByRole("textbox").fill("a red cross\na blue star");
        await expect.poll(() => naming.locator(".ranked-bars li").count(), {timeout: patience}).toBe(2);
        expect(problems).toEqual([]);
      } finally {
        await close();
      }
    },
    3 * patience
  );
});
