// The op suite in a real browser, on WebGPU, WebGL and WASM.

import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {useBackend} from "../../components/tensor/index.js";
import {bundle} from "../browser/bundle.js";
import {described, graphics} from "../browser/launch.js";
import {openScript, type ScriptPage} from "../browser/page.js";
import type {Suite} from "./cases/browser.js";
import {cases} from "./cases/index.js";
import {RANDOM_DIGEST} from "./cases/random.js";
import {trainSmallModel} from "./cases/training.js";

declare const suite: Suite;

const entry = fileURLToPath(new URL("cases/browser.ts", import.meta.url));
const script = bundle(entry);

describe.each([
  ["webgpu", graphics("webgpu")],
  ["webgl", graphics("webgl")],
  ["wasm", "none"]
] as const)("%s", (backend, drawn) => {
  let opened: ScriptPage;
  let faults: Promise<Record<string, string[]>> | undefined;

  beforeAll(async () => {
    opened = await openScript(await script, drawn);
    const running = await opened.page.evaluate((name) => suite.start(name), backend);
    expect(running.backend).toBe(backend);
    expect(running.description).toMatch(backend === "wasm" ? /^WASM SIMD/ : described);
    expect(running.description).not.toMatch(/left out/); // or the cases would try compositions
  });

  afterAll(() => opened?.close());

  test.each(cases.map(({name}) => name))("%s", async (name) => {
    faults ??= opened.page.evaluate(() => suite.runCases()); // all at once, for the first that asks
    expect((await faults)[name]).toEqual([]);
  });

  test("the models' losses and gradients agree with PyTorch's", async () => {
    for (const [model, {error, where}] of Object.entries(await opened.page.evaluate(() => suite.modelErrors()))) {
      expect(error, `${model}: ${where}`).toBeLessThan(2e-4);
    }
  });

  test("an update of AdamW equals its composition", async () => {
    for (const [options, error] of Object.entries(await opened.page.evaluate(() => suite.adamWErrors()))) {
      expect(error, options).toBeLessThan(5e-6);
    }
  });

  test("random tensors hold the same bits as in Node", async () => {
    expect(await opened.page.evaluate(() => suite.randomDigest())).toBe(RANDOM_DIGEST);
  });

  test("training keeps memory as it is, and goes as in Node", async () => {
    const steps = backend === "wasm" ? 300 : 11;
    const {losses, before, after} = await opened.page.evaluate((n) => suite.trainSmallModel(n), steps);
    expect(after).toEqual(before);
    await useBackend("cpu");
    const expected = (await trainSmallModel(11)).losses;
    expected.forEach((loss, i) => {
      expect(Math.abs(losses[i]! / loss - 1)).toBeLessThan(2e-3);
    });
  });

  test.runIf(backend === "webgpu")("products and convolutions are right as a GPU computes them, too", async () => {
    const faults = await opened.page.evaluate(() => suite.hardwareProducts());
    expect(Object.keys(faults).length).toBeGreaterThan(8);
    expect(Object.values(faults).flat()).toEqual([]);
  });

  test.runIf(backend === "webgpu")(
    "an op whose shader does not compile is left out, and the report says so",
    async () => {
      const {description, faults} = await opened.page.evaluate(() => suite.withBrokenShader());
      expect(description).toMatch(/left out: gelu\)$/);
      expect(faults).toEqual([]);
      opened.errors.splice(0); // the browser tells of the shader, too
    }
  );

  test("no error on the page", () => {
    expect(opened.errors).toEqual([]);
  });

  if (backend === "wasm") return; // has no device to lose
  test("a lost device is noticed, and reads reject", async () => {
    const {reason, read} = await opened.page.evaluate(() => suite.loseDevice());
    expect(reason).toMatch(backend === "webgpu" ? /WebGPU device was lost/ : /WebGL context was lost/);
    expect(read).toBe("BackendLostError");
  });
});

describe("probeBackends()", () => {
  test.each([
    ["webgpu", /swiftshader.* draws in software/i, /swiftshader.* draws in software/i],
    ["none", /WebGPU/, /WebGL/]
  ] as const)("prefers WASM to graphics in software or none: %s", async (drawn, webgpu, webgl) => {
    const opened = await openScript(await script, drawn);
    try {
      const {backend, tried} = await opened.page.evaluate(() => suite.probeBackends());
      expect(backend).toBe("wasm");
      expect(tried.map((entry) => [entry.backend, entry.accepted])).toEqual([
        ["webgpu", false],
        ["webgl", false],
        ["wasm", true]
      ]);
      expect(tried[0]!.reason).toMatch(webgpu);
      expect(tried[1]!.reason).toMatch(webgl);
    } finally {
      await opened.close();
    }
  });

  test("falls back to JavaScript where a policy forbids WebAssembly", async () => {
    const opened = await openScript(await script, "none", "script-src 'self'");
    try {
      const {backend, tried} = await opened.page.evaluate(() => suite.probeBackends());
      expect(backend).toBe("cpu");
      expect(tried[2]).toMatchObject({backend: "wasm", accepted: false});
      expect(tried[2]!.reason).toMatch(/WebAssembly/);
    } finally {
      await opened.close();
    }
  });
});
