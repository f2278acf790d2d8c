// The built worker in a real browser: it trains on every backend, and comes back from every way to lose it.

import {fileURLToPath} from "node:url";
import type {Browser, BrowserContext, Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from "vitest";
import {graphics, launchBrowser} from "../browser/launch.js";
import type {LinePage} from "./linePage.js";
import type {Faults} from "./lineWorker.js";
import {type Site, serveSite} from "./site.js";

declare const line: LinePage;
declare const faults: Faults;

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const MINUTES = 60_000;

let site: Site;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  site = await serveSite(at("linePage.ts"), at("lineWorker.ts"));
  browser = await launchBrowser(graphics("webgpu"));
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  page.setDefaultTimeout(5 * MINUTES); // a software GPU on a busy machine is slow
  errors = [];
  page.on("pageerror", ({message}) => errors.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
});

afterEach(async () => {
  expect(errors).toEqual([]);
  await context.close();
});

async function openPage(backend: string): Promise<void> {
  await page.goto(`${site.url}?backend=${backend}`);
  expect((await page.evaluate(() => line.engine.start())).backend).toBe(backend);
}

/** Trains up to this step and waits for it. */
async function trainTo(step: number): Promise<void> {
  await page.evaluate((until) => line.engine.train(1, until), step);
  await page.waitForFunction((until) => line.status()?.step === until && line.status()?.state === "paused", step);
}

/** The losses by step, a later report of a step replacing an earlier one. */
async function curve(): Promise<Map<number, number>> {
  return new Map(await page.evaluate(() => line.losses()));
}

describe.each(["wasm", "webgl", "webgpu", "cpu"])("%s", (backend) => {
  test("trains along a curve that goes on after a reload, from the browser's storage", async () => {
    await openPage(backend);
    await page.evaluate(() => line.open(7));
    await trainTo(30);
    const whole = await curve();
    expect(whole.get(30)!).toBeLessThan(whole.get(5)!);

    await page.evaluate(async () => {
      await line.engine.reset(1, 7);
      await line.engine.keep(1, "my run");
    });
    await trainTo(15);
    await page.evaluate(() => line.engine.pause(1)); // stores it
    const first = await curve();
    await page.reload();
    expect(await page.evaluate(() => line.open(7))).toBe(1);
    expect(await page.evaluate(() => line.engine.resume(1, "my run"))).toBe(15);
    await trainTo(30);
    expect(new Map([...first, ...(await curve())])).toEqual(whole);
    const runs = await page.evaluate(() => line.engine.storedRuns());
    expect(runs).toMatchObject([{name: "my run", step: 15, seed: 7}]);
  });
});

const losses: [string, string, string, () => Promise<unknown>][] = [
  [
    "a worker that is gone without a word",
    "wasm",
    "stopped answering",
    () => page.evaluate(() => line.workers[0]!.terminate())
  ],
  [
    "a worker that hangs",
    "wasm",
    "stopped answering",
    async () =>
      void page
        .workers()[0]!
        .evaluate(() => faults.hang())
        .catch(() => undefined)
  ],
  [
    "a lost WebGL context",
    "webgl",
    "WebGL context was lost",
    () => page.workers()[0]!.evaluate(() => faults.loseContext())
  ],
  [
    "a lost WebGPU device",
    "webgpu",
    "WebGPU device was lost",
    () => page.workers()[0]!.evaluate(() => faults.loseDevice())
  ]
];

test.each(losses)(
  "%s (%s) is replaced, and training goes on along the same curve",
  async (_, backend, reason, lose) => {
    await openPage(backend);
    await page.evaluate(() => line.open(7));
    await trainTo(60);
    const whole = await curve();
    await page.evaluate(() => line.engine.reset(1, 7));
    await trainTo(40);
    const before = await curve();
    await page.evaluate(() => line.engine.train(1, 60).then(() => undefined));
    await lose();
    await page.waitForFunction(() => line.workers.length === 2);
    await page.waitForFunction(() => line.status()?.step === 60 && line.status()?.state === "paused");
    expect(new Map([...before, ...(await curve())])).toEqual(whole);
    expect(await page.evaluate(() => line.notices.join())).toContain(reason);
    expect((await page.evaluate(() => line.engine.start())).backend).toBe(backend);
  }
);

test("a full storage is told in a sentence, and training goes on", async () => {
  await openPage("cpu");
  const {origin} = new URL(site.url);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", {origin, quotaSize: 1});
  await page.evaluate(async () => line.engine.keep(await line.open(7), "my run"));
  await trainTo(10);
  await page.evaluate(() => line.engine.pause(1));
  const told = await page.evaluate(() => line.events.flatMap((event) => (event.type === "storage" ? [event] : [])));
  expect(told.map(({savedStep}) => savedStep)).toEqual([null]);
  expect(told[0]!.message).toContain("storage for this site is full");
  await trainTo(20);
  expect(await page.evaluate(() => line.engine.storedRuns())).toEqual([]);
});

test("the notebook's own worker trains with its partner and looks up images", async () => {
  const own = await serveSite(at("linePage.ts"));
  try {
    await page.goto(`${own.url}?backend=wasm`);
    await page.evaluate(() => line.open(7));
    await trainTo(5);
    const workers = await browser.newBrowserCDPSession();
    const {targetInfos} = await workers.send("Target.getTargets");
    expect(targetInfos.filter(({type}) => type === "worker").map(({title}) => title)).toContain("gradient-partner");
    expect((await curve()).get(5)).toBeGreaterThan(0);
    const nearest = await page.evaluate(async () => {
      const images = {shape: [1, 16, 16, 3], data: new Uint8Array(768).fill(120)};
      const {captions, distances} = await line.engine.nearest("xs", images);
      return {captions: captions.length, distance: distances[0]!};
    });
    expect(nearest.captions).toBe(1);
    expect(nearest.distance).toBeGreaterThan(0);
    expect(nearest.distance).toBeLessThan(0.2);
  } finally {
    await own.close();
  }
});

test("the reader's choice of a backend keeps the session and is remembered", async () => {
  await page.goto(site.url);
  const first = (await page.evaluate(() => line.engine.start())).backend;
  expect(first).toBe("wasm"); // the graphics here are software
  await page.evaluate(() => line.open(7));
  await trainTo(10);
  const probe = await page.evaluate(async () => [...(await line.engine.probe(1, "line")).line!.data]);
  expect((await page.evaluate(() => line.engine.chooseBackend("cpu"))).backend).toBe("cpu");
  expect(await page.evaluate(async () => [...(await line.engine.probe(1, "line")).line!.data])).toEqual(probe);
  await page.reload();
  expect((await page.evaluate(() => line.engine.start())).backend).toBe("cpu");
});
