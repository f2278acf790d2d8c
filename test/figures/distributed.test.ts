// @vitest-environment jsdom
// Many machines and memory: the figures on the real engine, in one thread, and what they compute beside it.
import {readFileSync} from "node:fs";
import {Matrix, SVD} from "ml-matrix";
import {beforeAll, describe, expect, test} from "vitest";
import {gapsFigure} from "../../components/figures/distributed/gapsFigure.js";
import {approximate, bestKept, corrected, singularValues} from "../../components/figures/distributed/gradient.js";
import {
  factorShare,
  fits,
  type MemoryChoices,
  memoryParts,
  networkBytes,
  totalBytes
} from "../../components/figures/distributed/memory.js";
import {memoryFigure} from "../../components/figures/distributed/memoryFigure.js";
import {memoryQuestion, resamplingQuestion} from "../../components/figures/distributed/questions.js";
import {compressionRate, countedShare, sentShare} from "../../components/figures/distributed/ranks.js";
import {ranksFigure} from "../../components/figures/distributed/ranksFigure.js";
import {spectrumFigure} from "../../components/figures/distributed/spectrumFigure.js";
import {stepsPerSecond, workerCounts} from "../../components/figures/distributed/speed.js";
import {gapTo, meanCurve, type StoredRun, type StoredRuns} from "../../components/figures/distributed/storedRuns.js";
import {parallelFigure} from "../../components/figures/distributed/trainingFigure.js";
import type {FigureEngine} from "../../components/figures/engine.js";
import {Engine} from "../../components/training/engine.js";
import {paperDistributed, paperParameterCounts} from "../../components/training/paper.js";
import {models} from "../../components/training/registry.js";
import {stream} from "../../data/random.js";
import {memoryStore} from "../training/port.js";
import {installBrowser, until} from "./setUp.js";

beforeAll(installBrowser);
const at = (query: string) => history.replaceState(null, "", `/scale${query}`);
function change(control: Element, value: string): void {
  (control as HTMLInputElement).value = value;
  control.dispatchEvent(new Event("input", {bubbles: true}));
  control.dispatchEvent(new Event("change", {bubbles: true}));
}

describe("ranks", () => {
  test("the paper's three rates come out of its formula, and of counting the matrices", () => {
    for (const {width, rank, rate} of paperDistributed.ranks) {
      const ranked = {width, rank, shards: paperDistributed.shards};
      expect(Math.round(100 * compressionRate(ranked))).toBe(100 * rate);
      expect(sentShare(ranked)).toBeCloseTo((5 * rank) / (8 * width), 12);
    }
    for (const ranked of [
      {width: 96, rank: 24, shards: 1},
      {width: 500, rank: 128, shards: 3}
    ]) {
      expect(countedShare(ranked)).toBeCloseTo(sentShare(ranked), 12);
    }
  });

  test("the figure shows them, and the reader's own row, also where nothing is saved", () => {
    at("?v=1&d=200&r=1000");
    const figure = ranksFigure();
    expect(figure.textContent).toMatch(/83 %83 %83 %.*85 %85 %85 %.*86 %86 %86 %/);
    expect(figure.textContent).toContain("nothing is saved from r = 320 on");
    const [rank] = figure.querySelectorAll("input[type=range]");
    change(rank!, "0");
    expect(figure.textContent).toContain("Rank 16 of 200, 2 on each of 8 cards: 95 %");
    expect(location.search).toContain("r=16");
    at("");
  });
});

describe("memory", () => {
  const base: MemoryChoices = {bits: 16, sharding: false, checkpointing: false, powerSgd: false};
  test("parameters take the paper's 24 GB, or an eighth of them; only sharding with checkpointing fits, in 16 bits", () => {
    expect(memoryParts(base)[0]).toEqual({name: "parameters", bytes: 2 * paperParameterCounts.prior});
    expect(memoryParts({...base, sharding: true})[0]!.bytes).toBe(3e9);
    const all = [16, 32].flatMap((bits) =>
      [false, true].flatMap((sharding) =>
        [false, true].map((checkpointing) => ({...base, bits: bits as 16 | 32, sharding, checkpointing}))
      )
    );
    expect(all.filter(fits)).toEqual([{...base, sharding: true, checkpointing: true}]);
  });

  test("PowerSGD makes what is sent smaller by the paper's rate, and what is kept no smaller", () => {
    const [without, with_] = [base, {...base, powerSgd: true}];
    expect(networkBytes(with_) / networkBytes(without)).toBeCloseTo(1 - 0.859, 3);
    expect(factorShare).toBeCloseTo((5 * 896) / (8 * 3968), 12);
    expect(totalBytes(memoryParts(with_))).toBeGreaterThanOrEqual(totalBytes(memoryParts(without)));
  });

  test("the figure follows its boxes and the address; the question is answered by the calculator", async () => {
    at("?v=1&sharding=1");
    const figure = memoryFigure();
    document.body.append(figure); // or a click is no input
    expect(figure.textContent).toContain("It does not fit: 26.5\u00a0GB of 16\u00a0GB");
    const [sharding, checkpointing, powerSgd] = figure.querySelectorAll<HTMLInputElement>("input[type=checkbox]");
    expect(sharding!.checked).toBe(true);
    checkpointing!.click();
    expect(figure.textContent).toContain("It fits: 14\u00a0GB of 16\u00a0GB");
    powerSgd!.click();
    expect(figure.textContent).toContain("PowerSGD takes 86 % off what goes to other machines");
    expect(location.search).toContain("powersgd=1");
    expect((await memoryQuestion.look(0)).right).toBe(3);
    figure.remove();
    at("");
  });
});

describe("stored runs", () => {
  type Ends = Readonly<Partial<Record<StoredRun["compression"], (seed: number) => number>>>;
  const storedWith = (ends: Ends): StoredRuns => ({
    updates: 60,
    runs: [1, 2, 3].flatMap((seed) =>
      Object.entries({none: () => 1, ...ends}).map(([compression, end]) => {
        const last = end(seed) + seed / 10; // a seed's own luck, in every run of it
        const steps = [10, 20, 30, 40, 50, 60];
        const kind = compression as StoredRun["compression"];
        return {compression: kind, rank: kind === "none" ? 0 : 4, seed, steps, loss: [4, last, last, last, last, last]};
      })
    )
  });
  const stored = storedWith({fixed: () => 1.1, resampled: () => 1.5, warm: () => 1.3});

  test("are compared seed by seed, with the uncompressed ones or with another kind", () => {
    const fixed = gapTo(stored, {compression: "fixed", rank: 4})!;
    expect([fixed.mean, fixed.error]).toEqual([expect.closeTo(0.1, 9), expect.closeTo(0, 9)]);
    const other = gapTo(stored, {compression: "resampled", rank: 4}, {compression: "warm", rank: 4});
    expect(other!.mean).toBeCloseTo(0.2, 9);
    expect(gapTo(stored, {compression: "warm", rank: 8})).toBeNull();
    expect(meanCurve(stored, {compression: "none", rank: 0}).values[1]).toBeCloseTo(1.2, 9);
  });

  test("are a table of gaps with their errors", () => {
    const figure = gapsFigure(storedWith({fixed: (seed) => 1.1 + (seed - 2) / 10, resampled: () => 1.5}));
    const [row] = [...figure.querySelectorAll("tbody tr")].map((one) => [...one.children].map((c) => c.textContent));
    expect(row).toEqual(["4", "+0.100 ± 0.058", "+0.500 ± 0.000", "–"]);
  });

  test.each([
    {ends: {fixed: () => 1.1, resampled: () => 1.5, warm: () => 1.3}, right: 0},
    {ends: {fixed: () => 1.3, resampled: () => 1.1, warm: () => 1.5}, right: 1},
    {ends: {fixed: () => 1.5, resampled: () => 1.3, warm: () => 1.1}, right: 2},
    {ends: {fixed: () => 1.1, resampled: () => 1.5, warm: (seed: number) => 1.101 + (seed - 2) / 50}, right: 3}
  ])("answer the question, whichever way they turn out: $right", async ({ends, right}) => {
    expect((await resamplingQuestion(storedWith(ends)).look(0)).right).toBe(right);
  });

  test("the site's own have every kind under at least three seeds", () => {
    const {runs} = JSON.parse(readFileSync("data/powersgd.json", "utf8")) as StoredRuns;
    const kinds = [...new Set(runs.map(({compression, rank}) => `${compression} ${rank}`))];
    expect(kinds.length).toBeGreaterThanOrEqual(7);
    for (const kind of kinds) {
      expect(runs.filter(({compression, rank}) => `${compression} ${rank}` === kind).length).toBeGreaterThanOrEqual(3);
    }
  });
});

test("singular values and the energy kept, against ml-matrix", () => {
  const gradient = {shape: [6, 9], data: stream(1, "spectrum test").fillNormal(new Float32Array(54))};
  const m = corrected(gradient, {shape: [6, 9], data: new Float32Array(54).fill(0.5)});
  expect(m.data[7]).toBeCloseTo(gradient.data[7]! + 0.5, 6);
  const values = singularValues(m);
  const expected = new SVD(Matrix.from1DArray(6, 9, Array.from(m.data)), {autoTranspose: true}).diagonal;
  expect(values.map((value) => value.toFixed(5))).toEqual(expected.map((value) => value.toFixed(5)));
  expect(bestKept(values, 6)).toBeCloseTo(1, 9);
  for (const rank of [1, 3]) {
    const [random, warm] = [approximate(m, rank, "fixed", 1), approximate(m, rank, "warm", 1)];
    expect(random.kept).toBeLessThan(warm.kept);
    expect(warm.kept).toBeLessThanOrEqual(bestKept(values, rank) + 1e-6);
  }
  expect(approximate(m, 96, "fixed", 1).kept).toBeCloseTo(1, 6);
});

describe("on the engine", () => {
  const engine = new Engine(models, memoryStore()) as unknown as FigureEngine;
  Object.assign(engine, {onNotice: () => () => {}, onBackend: () => () => {}});
  let started: Promise<unknown> | null = null;
  const prepare = async () => {
    started ??= (engine as unknown as Engine).start("wasm");
    await started;
    const {buffer, byteOffset, byteLength} = readFileSync("data/checkpoints/xs-dvae.safetensors");
    await engine.provideShipped("xs", "dvae", buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  };
  const stored = {updates: 240, runs: []};

  test("a run counts its bytes, and its gradient is shown at each rank", async () => {
    at("?v=1&workers=1&send=fixed&rank=8");
    const training = parallelFigure(engine, {prepare, stored});
    const spectrum = spectrumFigure(engine, training);
    await until(
      () => training.textContent!.includes("Counted when the run has made a step"),
      "a word before the first"
    );
    await training.run.step();
    await until(() => training.textContent!.includes("would be sent"), "the bytes of a step");
    const share = training.run.latest.sentShare!;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
    await until(() => spectrum.textContent!.includes("MLP, input of block 2"), "the gradient");
    const kept = () => Number(/random Q([\d.]+) %/.exec(spectrum.textContent!)![1]);
    const first = kept();
    const rank = [...spectrum.querySelectorAll("input[type=range]")].at(-1)!;
    change(rank, "96");
    expect(kept()).toBe(100);
    change(rank, "1");
    expect(kept()).toBeLessThan(first);
    expect(location.search).toContain("grank=1");
    // Another way to send starts the run anew; the curve so far stays.
    change(training.querySelectorAll("select")[1]!, "warm");
    await until(() => training.run.status.step === 0 && training.run.config.compression === "warm", "a fresh run");
    await until(() => location.search.includes("send=warm"), "the address");
    await training.run.close();
    at("");
  });

  test("where no worker can be started, several say so, and one works", async () => {
    at("?v=1&workers=2");
    const training = parallelFigure(engine, {prepare, stored});
    await training.run.step();
    await until(() => training.textContent!.includes("one worker works"), "a word about it");
    await training.run.close();
    at("");
  });

  test("steps a second are measured over the steps after the first ten", async () => {
    expect([workerCounts(1), workerCounts(2), workerCounts(8)]).toEqual([
      [1, 2],
      [1, 2, 4],
      [1, 2, 4, 8]
    ]);
    await prepare();
    let clock = 0;
    const rate = await stepsPerSecond(engine, 1, () => (clock += 500));
    expect(rate).toBe(30 / 0.5);
  });
});
