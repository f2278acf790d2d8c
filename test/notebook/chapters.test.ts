import {expect, test} from "vitest";
import {chapters} from "../../components/notebook/chapters.js";
import {pagePaths} from "../pages/paths.js";

test("every page but the home page is a chapter, and is named once", () => {
  const paths = chapters.map(({path}) => path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of pagePaths().filter((path) => path !== "")) expect(paths).toContain(`/${path}`);
});
