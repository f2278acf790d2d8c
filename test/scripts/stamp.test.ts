import {mkdirSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {root} from "../../scripts/run.js";
import {unlessUnchanged} from "../../scripts/stamp.js";

const name = `test-${process.pid}`;
const folder = `.cache/${name}`;
const put = (file: string, text: string) => writeFileSync(join(root, folder, file), text);
beforeAll(() => {
  mkdirSync(join(root, folder, "in"), {recursive: true});
});
afterAll(() => {
  rmSync(join(root, folder), {recursive: true});
  rmSync(join(root, `.cache/${name}.stamp`), {force: true});
});

test("unlessUnchanged runs a step once, and again when something is not as it was left", async () => {
  const files = {inputs: [`${folder}/in`], outputs: [`${folder}/out`]};
  const step = async () => put("out", "made");
  put("in/a", "1");
  expect(await unlessUnchanged(name, files, step)).toBe(true);
  expect(await unlessUnchanged(name, files, step)).toBe(false);
  put("in/a", "2");
  expect(await unlessUnchanged(name, files, step)).toBe(true);
  put("in/b", "new");
  expect(await unlessUnchanged(name, files, step)).toBe(true);
  put("out", "touched");
  expect(await unlessUnchanged(name, files, step)).toBe(true);
  put("in/a", "3");
  await expect(
    unlessUnchanged(name, files, async () => {
      throw new Error("no");
    })
  ).rejects.toThrow("no");
  expect(await unlessUnchanged(name, files, step)).toBe(true);
  expect(await unlessUnchanged(name, files, step)).toBe(false);
});
