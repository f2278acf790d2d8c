// The op suite in a real browser, on WebGPU, WebGL and WASM.

import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {bundle} from "../browser/bundle.js";
import {openScript, type ScriptPage} from "../browser/page.js";
import type {Suite} from "./cases/browser.js";
import {cases} from "./cases/index.js";

declare const suite: Suite;

const entry = fileURLToPath(new URL("cases/browser.ts", import.meta.url));
const script = bundle(entry);
const MINUTES = 60_000;

describe.each([
  ["webgpu", "webgpu"],
  ["webgl", "webgl"],
  ["wasm", "none"]
] as const)("%s", (backend, graphics) => {
  let opened: ScriptPage;
  let faults: Record<string, string[]>;

  beforeAll(async () => {
    opened = await openScript(await script, graphics);
    const running = await opened.page.evaluate((name) => suite.start(name), backend);
    expect(running.backend).toBe(backend);
    faults = await opened.page.evaluate(() => suite.runCases());
  }, 5 * MINUTES);

  afterAll(() => opened?.close());

  test.each(cases.map(({name}) => name))("%s", (name) => {
    expect(faults[name]).toEqual([]);
  });

  test("no error on the page", () => {
    expect(opened.errors).toEqual([]);
  });
});
