// Every control of every page, to both of its ends: nothing may break, whatever a reader pulls at.

import type {Locator, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {pagePaths} from "./paths.js";
import {cellsSettled, openSite, type Site} from "./site.js";

let site: Site;
beforeAll(async () => {
  site = await openSite("none");
});
afterAll(() => site?.close());

/** For a machine under load; nothing here is about speed. */
const patience = 300_000;

async function visible(page: Page, selector: string): Promise<Locator[]> {
  const all = await page.locator(selector).all();
  const shown = await Promise.all(all.map(async (one) => (await one.isVisible()) && (await one.isEnabled())));
  return all.filter((_, i) => shown[i]);
}

/** Moves what can be moved from a keyboard; gives how many controls there were. */
async function operateAll(page: Page): Promise<number> {
  let operated = 0;
  for (const slider of await visible(page, "main input[type=range], main [role=slider]")) {
    for (const key of ["Home", "End", "ArrowLeft"]) await slider.press(key);
    ++operated;
  }
  for (const box of await visible(page, "main input[type=checkbox]")) {
    for (let i = 0; i < 2; ++i) await box.press("Space");
    ++operated;
  }
  for (const list of await visible(page, "main select")) {
    const values = await list
      .locator("option:not([disabled])")
      .evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
    for (const value of [values.at(-1)!, values[0]!]) await list.selectOption(value);
    ++operated;
  }
  for (const field of await visible(page, "main input[type=number]")) {
    for (const value of ["0", "999999"]) {
      await field.fill(value);
      await field.press("Enter");
    }
    ++operated;
  }
  return operated;
}

describe.each(pagePaths().map((path) => ({path, name: path || "home"})))("$name", ({path}) => {
  test(
    "bears every control at both ends",
    async () => {
      const {page, problems, close} = await site.open(path, {search: "?backend=wasm"});
      try {
        await cellsSettled(page);
        const operated = await operateAll(page);
        if (path !== "") await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        expect(operated).toBeGreaterThan(0);
        await page.waitForTimeout(500); // what the last one has set off
        expect(problems).toEqual([]);
        expect(await page.locator(".observablehq--error").count()).toBe(0);
        expect((await page.locator("main figure:not(.source)").allTextContents()).join(" ")).not.toMatch(
          /NaN|Infinity|undefined|\[object/
        );
      } finally {
        await close();
      }
    },
    patience
  );
});
