// @vitest-environment jsdom
import {beforeAll, beforeEach, describe, expect, test} from "vitest";
import {rerankCurve} from "../../components/figures/clip/curveFigure.js";
import {fooledFigure} from "../../components/figures/clip/fooledFigure.js";
import {differenceOf} from "../../components/figures/clip/optionSummary.js";
import {configOf, namesOf} from "../../components/figures/clip/options.js";
import {optionsFigure} from "../../components/figures/clip/optionsFigure.js";
import {predictBatch, predictBestOf} from "../../components/figures/clip/predictions.js";
import {type Candidate, ranked, verdictOf} from "../../components/figures/clip/ranking.js";
import {readerRuns} from "../../components/figures/clip/readerRuns.js";
import {rerankFigure} from "../../components/figures/clip/rerankFigure.js";
import {pairsOf, softmaxRows} from "../../components/figures/clip/similarity.js";
import {clipSources} from "../../components/figures/clip/sources.js";
import {clipTrainFigure} from "../../components/figures/clip/trainFigure.js";
import {zeroShotFigure} from "../../components/figures/clip/zeroShotFigure.js";
import {pipelines, shippedWeights} from "../../components/figures/pipelines.js";
import type {ClipOptionFile} from "../../components/training/clipOptions.js";
import {clipOptions} from "../../components/training/clipOptions.js";
import {type RerankFile, sharesOf} from "../../components/training/rerank.js";
import {stream} from "../../data/random.js";
import {example} from "../../data/scenes/splits.js";
import {fakeEngine} from "./fakeEngine.js";
import {fakeSimilarity} from "./fakeImages.js";
import {draw, installBrowser, press, until} from "./setUp.js";

beforeAll(() => {
  installBrowser();
  Element.prototype.scrollIntoView = () => undefined; // jsdom has no layout
});
beforeEach(() => history.replaceState(null, "", "/clip"));

function lead(count: number, options: Parameters<typeof fakeEngine>[0] = {tokenTime: 0, startTime: 0}) {
  history.replaceState(null, "", `/clip?v=1&n=${count}`);
  const engine = fakeEngine(options);
  const clips = clipSources(engine, (size) => engine.openClip(size, {from: "shipped"}));
  const opened = pipelines(engine);
  const openPipeline = (size: "xs" | "s") => opened.get(shippedWeights(size));
  return {
    engine,
    clips,
    openPipeline,
    figure: rerankFigure({openPipeline, openClip: clips.open, whose: clips.choice(), sizes: ["xs", "s"]})
  };
}

const state = (figure: Element) => figure.querySelector(".rank-all > .message")!.textContent!;
const cards = (figure: Element) => [...figure.querySelectorAll(".rank-card")].map((card) => card.textContent!);

describe("sharesOf(cosines, right, n)", () => {
  test("one candidate: the share of right ones; all of them: the best one's verdict", () => {
    const from = stream(1, "test");
    const cosines = Array.from({length: 64}, () => from.uniform());
    const right = cosines.map(() => from.chance(0.4));
    const share = right.filter(Boolean).length / 64;
    expect(sharesOf(cosines, right, 1)).toMatchObject({best: share, worst: share, possible: share});
    const top = cosines.indexOf(Math.max(...cosines));
    const all = sharesOf(cosines, right, 64);
    expect(all).toEqual({
      best: Number(right[top]),
      worst: Number(right[cosines.indexOf(Math.min(...cosines))]),
      possible: 1,
      cosine: cosines[top]
    });
  });

  test("a ranker that knows what is right reaches what is possible", () => {
    const right = [false, true, false, false, true, true, false, false];
    const {best, possible} = sharesOf(right.map(Number), right, 4);
    expect([best, possible]).toEqual([1, 1]);
    expect(sharesOf(right.map(Number), right, 2).best).toBe(sharesOf(right.map(Number), right, 2).possible);
  });
});

describe("the ranking", () => {
  test("a true scene is right by its own caption, and wrong by another colour's, in words", () => {
    const {caption, image, scene} = example("xs", "iid", 0);
    expect(verdictOf("xs", caption, image())).toEqual({right: true, wrong: []});
    const other = scene.objects[0]!.colour === "red" ? "blue" : "red";
    const {right, wrong} = verdictOf("xs", `a ${other} ${scene.objects[0]!.shape}`, image());
    expect(right).toBe(false);
    expect(wrong).toEqual(["colour"]);
  });

  test("the largest cosine first; of equals the one drawn first", () => {
    const of = (number: number, cosine: number) => ({number, cosine}) as Candidate;
    expect(ranked([of(0, 0.1), of(1, 0.5), of(2, 0.5)]).map(({number}) => number)).toEqual([1, 2, 0]);
  });
});

describe("rerankFigure(options)", () => {
  test("draws in batches what is asked for, ranks it, and shows best, median and worst", async () => {
    const {engine, figure} = lead(20);
    await until(() => /^20 candidates/.test(state(figure)), "20 candidates");
    expect(engine.calls.filter((call) => call.startsWith("sample")).length).toBe(3); // 4, 8, 8
    await until(
      () => /of 20 that are right/.test(figure.querySelector(".rank-tally")!.textContent!),
      "all of them ranked"
    );
    const cosines = cards(figure).map((text) => Number(/cosine ([-\d.]+)/.exec(text)?.[1]));
    expect(cosines[0]).toBeGreaterThanOrEqual(cosines[1]!);
    expect(cosines[1]).toBeGreaterThanOrEqual(cosines[2]!);
  });

  test("a larger N draws only what is missing; a smaller one draws nothing", async () => {
    const {engine, figure} = lead(4);
    await until(() => /^4 candidates/.test(state(figure)), "4 candidates");
    const slider = figure.querySelector<HTMLInputElement>("input[type=range]")!;
    const move = (position: number) => {
      slider.value = String(position);
      slider.dispatchEvent(new Event("input", {bubbles: true}));
    };
    const before = engine.calls.filter((call) => call.startsWith("sample")).length;
    move(0);
    await until(() => /of 1 that are right/.test(figure.querySelector(".rank-tally")!.textContent!), "one candidate");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(engine.calls.filter((call) => call.startsWith("sample")).length).toBe(before);
    move(333); // 8
    await until(
      () => /of 8 that are right/.test(figure.querySelector(".rank-tally")!.textContent!),
      "eight candidates"
    );
    expect(state(figure)).toMatch(/^4 candidates/);
    expect(location.search).toContain("n=8");
  });

  test("another caption ends the draw under way; the address names it", async () => {
    const {figure} = lead(64, {tokenTime: 4, startTime: 0});
    await until(() => /^Drawing/.test(state(figure)), "a draw under way");
    draw(figure, "a blue star");
    await until(() => /^64 candidates/.test(state(figure)), "the other caption's candidates");
    expect(location.search).toContain("caption=a+blue+star");
    expect(state(figure)).not.toContain("could not");
  });
});

describe("rerankCurve(file, above)", () => {
  const interval = (percent: number) => ({percent, low: percent - 5, high: percent + 5});
  const row = (candidates: number, best: number) => ({
    candidates,
    best: interval(best),
    worst: interval(100 - best),
    possible: interval(95),
    cosine: 0.5 + candidates / 1000
  });
  const file: RerankFile = {
    dataVersion: "4",
    runs: [
      {
        size: "xs",
        split: "iid",
        captions: 3,
        pool: 64,
        temperature: 1,
        rows: [row(1, 50), row(32, 80), row(64, 81)],
        fooled: [{caption: "a red star", seed: 3, taken: 5, right: 2}],
        command: "a command",
        measuredAt: "2026-01-01"
      }
    ]
  };

  test("says what the numbers say, and takes in the reader's own candidates", async () => {
    const {figure: above} = lead(8);
    const figure = rerankCurve({...file, runs: [{...file.runs[0]!, split: "colourShape"}]}, above);
    const said = () => figure.querySelector(".message")!.textContent!;
    expect(said()).toContain("One candidate is right in 50 % (45–55), the best of 32 in 80 %");
    await until(() => /^8 candidates/.test(state(above)), "the reader's candidates");
    expect(said()).toContain("Yours: 1 caption.");
    expect([...figure.querySelectorAll(".labels text")].map((label) => label.textContent)).toContain("yours");
    expect(figure.innerHTML).not.toMatch(/NaN|Infinity/);
  });

  test("the answer follows from the file: 30 of 45 points are two thirds", async () => {
    const question = predictBestOf(file);
    const input = question.querySelector("input")!;
    input.checked = true;
    input.dispatchEvent(new Event("change"));
    press(question, "Look");
    await until(() => question.querySelector(".right") !== null, "an answer");
    expect(question.querySelector(".right")!.textContent).toContain("more than two thirds");
  });

  test("a fooled case is drawn anew from its numbers, and can be shown among its 32", async () => {
    const {figure: above, clips, engine} = lead(1);
    const opened = pipelines(engine);
    const openPipeline = (size: "xs" | "s") => opened.get(shippedWeights(size));
    const figure = fooledFigure(file, {openPipeline, openClip: (size) => clips.open(size), above});
    await until(() => /candidate 3: passed over/.test(figure.textContent!), "the case");
    expect(figure.textContent).toContain("candidate 6: taken");
    press(figure, "Draw all 32 in the first figure");
    await until(() => /of 32 that are right/.test(above.querySelector(".rank-tally")!.textContent!), "its candidates");
    expect(engine.calls).toContain("sample a red star");
    expect(location.search).toContain("seed=3");
  });
});

test("readerRuns() averages over captions, and leaves out what was drawn at another temperature", () => {
  const own = readerRuns();
  const {caption, image} = example("xs", "iid", 0);
  const images = {shape: [1, 16, 16, 3], data: image()};
  const of = (right: boolean[]) =>
    right.map((r, number) => ({right: r, wrong: [], number, images, index: 0, cosine: -number}) as Candidate);
  const settings = {size: "xs", caption, seed: 1, temperature: 1} as const;
  own.add(of([true, false]), settings);
  own.add(of([false, false, true, true]), {...settings, seed: 2});
  own.add(of([false]), {...settings, temperature: 2});
  const like = {size: "xs", split: "iid", temperature: 1} as const;
  expect(own.points(like).map(({candidates, best, captions}) => [candidates, best, captions])).toEqual([
    [1, 0.5, 2],
    [2, 0.75, 2],
    [4, 0, 1]
  ]);
  expect(own.points({...like, size: "s"})).toEqual([]);
  expect(own.points({...like, split: "colourShape"})).toEqual([]);
});

describe("clipTrainFigure(engine, options)", () => {
  test("opens with the shipped weights, shows the pairs, trains, and starts anew with other options", async () => {
    const engine = fakeEngine({startTime: 0, stepTime: 0, steps: 200});
    const figure = clipTrainFigure(engine, {prepare: async () => undefined, stored: {step: [1, 2], scale: [14, 20]}});
    const cells = () => [...figure.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent!);
    await until(() => cells().some((text) => text !== ""), "the matrix");
    expect(cells().length).toBe(100);
    press(figure, "Train");
    await until(() => /Train on/.test(figure.textContent!), "a finished run");
    const select = figure.querySelector<HTMLSelectElement>(".config-selects select")!;
    select.value = "1";
    select.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => engine.calls.some((call) => call.includes('{"batchSize":8}')), "a reset with batches of 8");
    press(figure, "All of the listing’s");
    await until(() => engine.calls.some((call) => /"visualSsl":"simclr"/.test(call)), "the listing's options");
    await until(() => location.search.includes("filip"), "the options in the address");
    expect(figure.innerHTML).not.toMatch(/NaN|Infinity/);
  });

  test("every option goes to the address and back", () => {
    for (const {name, config} of clipOptions.filter((one) => !["plain", "listing"].includes(one.name))) {
      expect(namesOf(config)).toBe(name);
      expect(configOf(name)).toEqual(config);
    }
    const listing = clipOptions.find(({name}) => name === "listing")!.config;
    expect(configOf(namesOf(listing))).toEqual(listing);
    expect(configOf("nonsense")).toEqual({});
  });
});

test("pairsOf(probe) turns the images' side, so that rows are captions in both", () => {
  const {image, text, captions} = pairsOf(fakeSimilarity(3, 16, 0), "xs");
  const rows = [0, 1, 2].map((r) => Array.from(image).slice(3 * r, 3 * r + 3));
  for (const row of rows) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  for (const c of [0, 1, 2]) expect([0, 1, 2].reduce((sum, r) => sum + text[3 * r + c]!, 0)).toBeCloseTo(1, 9);
  expect(captions).toEqual([0, 1, 2].map((i) => example("xs", "iid", i).caption));
  expect(Array.from(softmaxRows([1000, 0], 2, 1))).toEqual([1, 0]);
});

test("zeroShotFigure(clips) names a scene of a pair never seen, and follows the reader's prompts", async () => {
  const engine = fakeEngine({startTime: 0});
  const figure = zeroShotFigure(clipSources(engine, (size) => engine.openClip(size, {from: "shipped"})));
  const bars = () => [...figure.querySelectorAll(".ranked-bars .name")].map((name) => name.textContent!);
  await until(() => bars().length > 1, "bars");
  expect(figure.textContent).toContain("which no training image holds");
  const text = figure.querySelector("textarea")!;
  text.value = "a red star\n\n  a blue circle ";
  text.dispatchEvent(new Event("input", {bubbles: true}));
  await until(() => bars().length === 2, "two bars");
  expect(bars().sort()).toEqual(["a blue circle", "a red star"]);
  const numbers = [...figure.querySelectorAll(".ranked-bars .number")].map((n) => Number.parseFloat(n.textContent!));
  expect(numbers[0]! + numbers[1]!).toBeCloseTo(100, -1);
  expect(new URLSearchParams(location.search).get("own")).toBe("a red star|a blue circle");
});

describe("stored runs of the options", () => {
  const run = (option: string, seed: number, end: number) => ({
    option,
    seed,
    curve: {step: [1, 2], heldAccuracy: [0.1, end], seenNamed: [0.1, end], unseenNamed: [0, end / 2]}
  });
  const file: ClipOptionFile = {
    command: "a command",
    updates: 2,
    dataVersion: "4",
    runs: [
      run("plain", 1, 0.8),
      run("plain", 2, 0.82),
      run("filip", 1, 0.9),
      run("filip", 2, 0.91),
      run("dcl", 1, 0.7),
      run("dcl", 2, 0.95),
      run("batch8", 1, 0.3)
    ]
  };

  test("a difference counts only beyond what the seeds do", () => {
    expect(differenceOf(file, "filip", "heldAccuracy")).toBeCloseTo(0.095, 6);
    expect(differenceOf(file, "dcl", "heldAccuracy")).toBeNull();
    expect(differenceOf(file, "batch8", "heldAccuracy")).toBeNull(); // one run
  });

  test("the figure writes means and spreads, and stands with few runs", () => {
    const figure = optionsFigure(file);
    const row = (name: string) =>
      [...figure.querySelectorAll("tbody tr")].find((tr) => tr.textContent!.startsWith(name))!;
    expect(row("late interaction").textContent).toContain("90.5 ± 0.7 ▲");
    expect(row("batch of 16").textContent).toContain("–");
    expect(figure.innerHTML).not.toMatch(/NaN|Infinity/);
    expect(() => optionsFigure({...file, runs: []})).not.toThrow();
  });

  test("the question about batches is answered from them", async () => {
    const question = predictBatch(file);
    const input = question.querySelector("input")!;
    input.checked = true;
    input.dispatchEvent(new Event("change"));
    press(question, "Look");
    await until(() => question.querySelector(".right") !== null, "an answer");
    expect(question.querySelector(".right")!.textContent).toContain("less than half");
  });
});
