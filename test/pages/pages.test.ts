// Every page as a reader opens it, in a browser without a GPU.

import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {pagePaths} from "./paths.js";
import {cellsSettled, openSite, type Site, seriousViolations, subPath} from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await openSite("none");
});
afterAll(() => site?.close());

test("the site has the pages of src", () => {
  expect(site.paths).toEqual(pagePaths());
});

describe.each(pagePaths().map((path) => ({path, name: path || "home"})))("$name", ({path}) => {
  test.each([
    ["at the root", "/"],
    ["below a folder", subPath]
  ])("%s: nothing goes wrong, nothing comes from elsewhere", async (_, base) => {
    const {page, problems, close} = await site.open(path, {base});
    try {
      await cellsSettled(page);
      await page.waitForLoadState("networkidle");
      expect(problems).toEqual([]);
      expect(await page.locator(".observablehq--error").count()).toBe(0);
      // A cell that prints a function, a missing value or a placeholder rather than what it stands for.
      const prose = await page.evaluate(() =>
        [...document.querySelectorAll("#observablehq-main p, #observablehq-main li")]
          .filter((element) => element.closest("pre, code, .figure, .source") === null)
          .map((element) => element.textContent ?? "")
          .join("\n")
      );
      expect(prose).not.toMatch(/=>|\[object |\bundefined\b|\b(TODO|FIXME|RESULTS|TBD)\b/);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      expect(await page.locator("h1").count()).toBe(1);
      // The self-hosted face is there: a missing font would leave a fallback without a word.
      expect(
        await page.evaluate(() =>
          [...document.fonts].some((f) => /Source Serif/.test(f.family) && f.status === "loaded")
        )
      ).toBe(true);
    } finally {
      await close();
    }
  });

  test.each(["light", "dark"] as const)("accessible in the %s scheme", async (colorScheme) => {
    const {page, close} = await site.open(path, {colorScheme});
    try {
      await cellsSettled(page);
      expect(await seriousViolations(page)).toEqual([]);
    } finally {
      await close();
    }
  });

  test("fits a phone", async () => {
    const {page, close} = await site.open(path, {viewport: {width: 390, height: 844}});
    try {
      await cellsSettled(page);
      const widest = await page.evaluate(() => {
        // What scrolls by itself, such as a long formula or a row of suggestions, may hold more than it shows.
        const scrolls = (element: Element | null): boolean =>
          element !== null &&
          element !== document.body &&
          (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
        const beyond = [...document.querySelectorAll("body *")].filter((element) => {
          const {right, width} = element.getBoundingClientRect();
          return width > 0 && right > innerWidth + 1 && !scrolls(element.parentElement);
        });
        return {
          page: document.documentElement.scrollWidth,
          beyond: beyond.slice(0, 5).map((element) => element.outerHTML.slice(0, 80))
        };
      });
      expect(widest).toEqual({page: 390, beyond: []});
      const zoom = await page.evaluate(() => document.querySelector('meta[name="viewport"]')?.getAttribute("content"));
      expect(zoom).not.toMatch(/maximum-scale|user-scalable/);
    } finally {
      await close();
    }
  });
});
