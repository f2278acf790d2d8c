// What is the same on every page: links between formula and code, the scheme, lecture mode, the keyboard.

import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {chapters} from "../../components/notebook/chapters.js";
import {barOf, patience, ready, stepsOf} from "./runs.js";
import {type OpenedPage, openSite, type Site, seriousViolations} from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

async function withPage(run: (opened: OpenedPage) => Promise<void>, path = "dalle"): Promise<void> {
  const opened = await site.open(path);
  try {
    await run(opened);
    expect(opened.problems).toEqual([]);
  } finally {
    await opened.close();
  }
}

describe("links between formula, code and figure", () => {
  const lit = (symbol: string, where: string) => `${where} [data-symbol="${symbol}"].lit`;

  test("pointing at a symbol in a formula lights it in the code, and nothing else", () =>
    withPage(async ({page}) => {
      await page.locator('.formula [data-symbol="tau"]').first().hover();
      expect(await page.locator(lit("tau", ".source")).count()).toBeGreaterThan(0);
      expect(await page.locator(".lit:not([data-symbol=tau])").count()).toBe(0);
      expect(await page.locator(".symbol-word").textContent()).toContain("temperature of the relaxation");
      await page.locator("h1").hover();
      expect(await page.locator(".lit").count()).toBe(0);
      expect(await page.locator(".symbol-word").isVisible()).toBe(false);
    }));

  test("pointing at an identifier lights the formula", () =>
    withPage(async ({page}) => {
      await page.locator('.source [data-symbol="beta"]').first().hover();
      expect(await page.locator(lit("beta", ".formula")).count()).toBeGreaterThan(0);
    }));

  test("arrow keys walk through a formula's symbols and say them; Escape lets go", () =>
    withPage(async ({page}) => {
      const formula = page.locator(".formula").first();
      await formula.focus();
      await page.keyboard.press("ArrowRight");
      const first = await page.locator(".formula .lit").first().getAttribute("data-symbol");
      await page.keyboard.press("ArrowRight");
      const second = await page.locator(".formula .lit").first().getAttribute("data-symbol");
      expect([first, second]).not.toContain(null);
      expect(second).not.toBe(first);
      expect(await page.locator("[role=status]").last().textContent()).toMatch(/; \d+ places? on this page/);
      await page.keyboard.press("ArrowLeft");
      expect(await page.locator(".formula .lit").first().getAttribute("data-symbol")).toBe(first);
      await page.keyboard.press("Escape");
      expect(await page.locator(".lit").count()).toBe(0);
    }));

  test("coloured as in the palette", () =>
    withPage(async ({page}) => {
      const [symbol, palette] = await page.evaluate(() => [
        getComputedStyle(document.querySelector('.katex .means-codes [data-symbol="z"]')!).color,
        getComputedStyle(document.body).getPropertyValue("--codes")
      ]);
      expect(palette).toMatch(/^rgb/);
      expect(symbol).toBe(palette);
    }));
});

describe("the header's buttons", () => {
  const background = (opened: OpenedPage) =>
    opened.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  test("light or dark is kept for the next page", () =>
    withPage(async (opened) => {
      const {page} = opened;
      const light = await background(opened);
      await page.getByRole("button", {name: "Light or dark"}).click();
      const dark = await background(opened);
      expect(dark).not.toBe(light);
      await page.getByRole("link", {name: "How DALL·E works"}).first().click();
      await page.waitForURL((url) => url.pathname === "/");
      expect(await background(opened)).toBe(dark);
      await page.getByRole("button", {name: "Light or dark"}).click();
      expect(await background(opened)).toBe(light);
    }));

  test("lecture mode enlarges the text", () =>
    withPage(async ({page}) => {
      const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
      const before = await size();
      const button = page.getByRole("button", {name: /Lecture mode/});
      await button.click();
      expect(await size()).toBeGreaterThan(before);
      expect(await button.getAttribute("aria-pressed")).toBe("true");
    }));
});

test("the path opens beside every page: each chapter, its minutes, and what has been trained in it", () =>
  withPage(async ({page}) => {
    const menu = page.locator("#chapters-menu");
    expect(await menu.isVisible()).toBe(false);
    const bar = barOf(page, {label: "Train the mixture"});
    await ready(bar);
    await bar.getByRole("button", {name: /^Train/}).click();
    await expect.poll(() => stepsOf(bar), {timeout: patience}).toBeGreaterThan(0);
    await bar.getByRole("button", {name: "Pause"}).click();
    const opened = page.getByRole("button", {name: /^The path/});
    const own = menu.locator("li", {hasText: "ELBO"});
    // The run is stored a moment after the pause; the list looks each time that it opens.
    await expect
      .poll(
        async () => {
          if (await menu.isVisible()) await page.keyboard.press("Escape");
          await opened.click();
          return own.locator(".trained").textContent();
        },
        {timeout: patience, interval: 500}
      )
      .toMatch(/^trained here: elbo, XS, [\d,]+ updates$/);
    const items = await menu.locator("li").allTextContents();
    expect(items).toHaveLength(chapters.length);
    for (const [i, {name, line, minutes}] of chapters.entries()) {
      expect(items[i]).toContain(name);
      expect(items[i]).toContain(line);
      expect(items[i]).toContain(`${minutes} min`);
    }
    expect(await seriousViolations(page)).toEqual([]);
    await menu.getByRole("link", {name: "VAE", exact: true}).click();
    await page.waitForURL((url) => url.pathname === "/vae");
  }, "elbo"));

test("an address that does not exist answers 404 with a way back", async () => {
  const {page, problems, close} = await site.open("nowhere");
  try {
    expect(problems.filter((problem) => !/404/.test(problem))).toEqual([]);
    expect(await page.getByRole("link", {name: "Pipeline"}).count()).toBeGreaterThan(0);
  } finally {
    await close();
  }
});

test("text is at least 18 px, lines are about 65 characters", () =>
  withPage(async ({page}) => {
    const {size, characters} = await page.evaluate(() => {
      const paragraph = [...document.querySelectorAll("#observablehq-main > p:not(.lead)")].find(
        (p) => (p.textContent ?? "").length > 150 && p.querySelector("figure") === null
      )!;
      const context = document.createElement("canvas").getContext("2d")!;
      const style = getComputedStyle(paragraph);
      context.font = `${style.fontSize} ${style.fontFamily}`;
      const sample = "The encoder gives logits over codes for each place of a grid, and a choice has no gradient";
      const perCharacter = context.measureText(sample).width / sample.length;
      return {size: Number.parseFloat(style.fontSize), characters: paragraph.clientWidth / perCharacter};
    });
    expect(size).toBeGreaterThanOrEqual(18);
    expect(characters).toBeGreaterThan(55);
    expect(characters).toBeLessThan(80);
  }));
