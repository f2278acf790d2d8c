// @vitest-environment jsdom
import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {attentionFigure} from "../../components/figures/prior/attentionFigure.js";
import {bytePairFigure, mergesOf} from "../../components/figures/prior/bytePairFigure.js";
import {maskFigure} from "../../components/figures/prior/maskFigure.js";
import type {PriorModel, Subject} from "../../components/figures/prior/model.js";
import {patternEditor} from "../../components/figures/prior/patternEditor.js";
import {greedyQuestion, hardestQuestion, lengthQuestion} from "../../components/figures/prior/questions.js";
import {samplingFigure} from "../../components/figures/prior/samplingFigure.js";
import {sequenceFigure} from "../../components/figures/prior/sequenceFigure.js";
import {priorTraining} from "../../components/figures/prior/training.js";
import {defaultSampling} from "../../components/figures/samplingControls.js";
import type {ProbeResult} from "../../components/training/protocol.js";
import {key} from "../charts/dom.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, press, until} from "./setUp.js";

beforeAll(installBrowser);
afterEach(() => document.body.replaceChildren());

const L = 32;
const float = (shape: number[], f: (i: number) => number) => ({
  shape,
  data: Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => f(i))
});
const ints = (shape: number[], data: number[]) => ({shape, data: Int32Array.from(data)});

/** A model of known numbers: even attention over what comes before, a logit that grows with the code. */
async function fakeModel(): Promise<PriorModel & {probed: string[]}> {
  const engine = fakeEngine({tokenTime: 0, startTime: 0});
  const listeners: ((what: "model" | "subject") => void)[] = [];
  const api = await engine.openPipeline("xs", {from: "shipped"}, {from: "shipped"});
  const [shape, patches] = await Promise.all([api.describe(), api.codebook()]);
  const probes: Record<string, () => ProbeResult> = {
    attention: () => ({
      weights: float([4, 4, L, L], (i) => {
        const [q, k] = [Math.floor(i / L) % L, i % L];
        return k <= q ? 1 / (q + 1) : 0;
      })
    }),
    embedding: () => ({
      token: float([L, 4], () => 1),
      place: float([L, 4], (i) => (i < 4 ? 0 : 2)),
      column: float([L, 4], (i) => (i < 17 * 4 ? 0 : -1))
    }),
    logits: () => ({image: float([16, 64], (i) => (i % 64) / 20)}),
    positions: () => ({image: float([4, 4], (i) => (i < 4 ? 2 : 1))}),
    merges: () => ({
      // " a", then "le": of "a red heart …" the first joins two bytes.
      pairs: ints([2, 2], [32, 97, 108, 101]),
      counts: ints([2], [9, 7]),
      ranking: ints([2, 2, 3], [32, 97, 9, 108, 101, 7, 108, 101, 7, -1, -1, -1]),
      captions: ints([1], [10])
    })
  };
  const probed: string[] = [];
  let subject: Subject | null = null;
  return {
    probed,
    masks: "paper",
    get subject() {
      return subject;
    },
    probe: async (name) => {
      probed.push(name);
      return probes[name]!();
    },
    pipeline: async () => ({api, patches, ...shape}),
    async draw(caption) {
      const pieces = ["a", " red", ...Array.from({length: 14}, () => null)];
      subject = {caption, pieces, tokens: Int32Array.from({length: 16}, (_, i) => i)};
      for (const listener of listeners) listener("subject");
      return subject;
    },
    onChange: (listener) => void listeners.push(listener)
  };
}
const cellsOf = (figure: Element) => [...figure.querySelectorAll<HTMLElement>(".attended .state")];

describe("attentionFigure(model, options)", () => {
  async function open(layer = 0) {
    const settings: object[] = [];
    const figure = attentionFigure(await fakeModel(), {
      caption: "a red heart",
      token: 24,
      layer,
      head: 0,
      onSettings: (changes) => settings.push(changes)
    });
    document.body.append(figure);
    await until(() => cellsOf(figure)[0]?.querySelector(".weight")?.textContent !== "", "weights");
    return {figure, settings};
  }

  test("shows the weights of the state before the token, over all that it may see", async () => {
    const {figure} = await open();
    const cells = cellsOf(figure);
    expect(cells).toHaveLength(1 + 32);
    expect(cells[3]!.querySelector(".weight")!.textContent).toBe("4.0 %"); // 1/25: states 0 … 24
    expect(cells[25]!.classList.contains("asked")).toBe(true);
    expect(cells[24]!.classList.contains("standing")).toBe(true);
    expect(cells[26]!.classList.contains("hidden-key")).toBe(true);
    expect(figure.querySelectorAll(".matrix-thumb")).toHaveLength(16);
  });

  test("one layer alone crosses out what its pattern hides; keys walk on", async () => {
    const {figure, settings} = await open(2);
    const cells = cellsOf(figure);
    // The state of image token 8 (place 23) in a column layer: tokens 4 and 8 of the image.
    const seen = cells.flatMap((cell, s) =>
      s > 16 && s < 25 && !cell.classList.contains("hidden-key") ? [s - 16] : []
    );
    expect(seen).toEqual([4, 8]);
    key(cells[25]!, "ArrowRight");
    expect(cells[26]!.classList.contains("asked")).toBe(true);
    expect(settings).toContainEqual({token: 25});
  });

  test("a thumbnail chooses its layer and head", async () => {
    const {figure, settings} = await open();
    figure.querySelectorAll<HTMLElement>(".matrix-thumb")[6]!.click();
    expect(settings.at(-1)).toEqual({layer: 2, head: 3});
  });
});

describe("bytePairFigure(model, options)", () => {
  test("a merge joins the most frequent pair in every caption", async () => {
    const figure = bytePairFigure(await fakeModel(), {merges: 0, caption: "a leaf", examples: ["a leaf", "a pale"]});
    document.body.append(figure);
    const cut = () =>
      [...figure.querySelectorAll(".cut-captions li")].map((li) => [...li.children].map((c) => c.textContent));
    await until(() => cut().length === 2, "captions");
    expect(cut()[0]).toEqual(["␣", "a", "␣", "l", "e", "a", "f"]);
    expect(figure.querySelector(".ranked-bars li.marked")!.textContent).toContain("␣ + a");
    press(figure, "Next merge");
    expect(cut()[0]).toEqual(["␣a", "␣", "l", "e", "a", "f"]);
    press(figure, "Next merge");
    expect(cut()[1]).toEqual(["␣a", "␣", "p", "a", "le"]);
    expect([...figure.querySelectorAll(".caption-tokens li:not(.pad) .id")].map((id) => id.textContent)).toEqual([
      "256",
      "32",
      "257",
      "97",
      "102"
    ]);
  });

  test("mergesOf(probe) leaves out the places of a ranking that are empty", async () => {
    const {pairs, ranking} = mergesOf(await (await fakeModel()).probe("merges"));
    expect(pairs).toEqual([
      [32, 97],
      [108, 101]
    ]);
    expect(ranking[1]).toEqual([{pair: [108, 101], count: 7}]);
  });
});

describe("sequenceFigure(model, options)", () => {
  test("names the vectors of a state and adds them up", async () => {
    const model = await fakeModel();
    const figure = sequenceFigure(model, {state: 18});
    document.body.append(figure);
    await model.draw("a red heart");
    await until(() => figure.querySelectorAll(".vector-row").length === 4, "vectors");
    expect([...figure.querySelectorAll(".vector-row .name")].map((n) => n.textContent)).toEqual([
      "code",
      "+ row 1",
      "+ column 2",
      "= sum"
    ]);
    expect(figure.querySelector(".sum-words")!.textContent).toContain("sum of length 4"); // √(4 · 2²)
    figure.querySelector<HTMLElement>(".sequence-strip .pad")!.click();
    await until(() => figure.querySelectorAll(".vector-row").length === 3, "two vectors and their sum");
  });
});

describe("maskFigure(options)", () => {
  const make = () => maskFigure({size: "paper", layer: 1, token: 528, view: "layer", masks: () => "row,row,full,conv"});
  const words = (figure: Element) => figure.querySelector(".mask-words")!.textContent!;
  const choose = (figure: Element, index: number, value: string) => {
    const select = figure.querySelectorAll("select")[index]!;
    select.value = value;
    select.dispatchEvent(new Event("input", {bubbles: true}));
  };

  test("tells what a token sees, and what it can know after more layers", async () => {
    const figure = make();
    document.body.append(figure);
    await until(() => words(figure) !== "", "words");
    expect(words(figure)).toContain("all 256 text positions and 33 image tokens");
    choose(figure, 1, "reach");
    const layer = figure.querySelector<HTMLInputElement>("input[type=range]")!;
    layer.value = "2";
    layer.dispatchEvent(new Event("input", {bubbles: true}));
    expect(words(figure)).toContain("can know 529 of the 529");
    choose(figure, 1, "layers");
    expect(words(figure)).toContain("sees itself in 64, the one above it in 64");
  });

  test("the miniature has the pattern of the model that trains", async () => {
    const figure = make();
    document.body.append(figure);
    choose(figure, 0, "miniature");
    await until(() => figure.querySelectorAll(".layer-strip span").length === 4, "four layers");
    expect([...figure.querySelectorAll(".layer-strip span")].map((s) => s.textContent)).toEqual([
      "row",
      "row",
      "full",
      "convolution"
    ]);
    const rows = figure.querySelector(".mask-rows")!;
    key(rows, "Home");
    expect(words(figure)).toContain("Text token 1 sees the 1 text tokens up to itself, and nothing of the image");
  });
});

describe("samplingFigure(model, options)", () => {
  test("bars follow temperature, top-k and top-p at once, for the tokens that stand", async () => {
    const figure = samplingFigure(await fakeModel(), {sampling: defaultSampling, caption: "a red heart"});
    document.body.append(figure);
    const note = () => figure.querySelector(".sampling-parts .panel:last-child > .chart-note")!.textContent!;
    await until(() => note().includes("64 of 64 codes"), "the distribution");
    const sliders = figure.querySelectorAll<HTMLInputElement>(".controls input[type=range]");
    const set = (i: number, value: string) => {
      sliders[i]!.value = value;
      sliders[i]!.dispatchEvent(new Event("input", {bubbles: true}));
    };
    set(1, "0");
    await until(() => note().startsWith("1 of 64 codes"), "greedy");
    set(1, "2");
    set(3, "0.5");
    await until(() => !note().startsWith("64 of"), "top-p");
    expect(figure.querySelectorAll(".sampling-figure > .image-grid, .image-grid").length).toBeGreaterThan(0);
  });
});

describe("patternEditor(layers, configOf, initial)", () => {
  const make = () => patternEditor(4, (masks) => (masks === "paper" ? {} : {masks}), "paper");
  const choose = (node: Element, index: number, value: string) => {
    const select = node.querySelectorAll("select")[index]!;
    select.value = value;
    select.dispatchEvent(new Event("input", {bubbles: true}));
  };

  test("a layer of its own, a preset, and back to the paper's", () => {
    const node = make();
    expect(node.value).toEqual({});
    choose(node, 2, "full");
    expect(node.value).toEqual({masks: "row,full,row,conv"});
    expect(node.querySelector("select")!.value).toBe("own");
    choose(node, 2, "column");
    expect(node.value).toEqual({});
    choose(node, 0, "column");
    expect(node.value).toEqual({masks: "column"});
    node.value = {masks: "row,full"};
    expect([...node.querySelectorAll("select")].map((s) => s.value)).toEqual(["own", "row", "full", "row", "full"]);
  });
});

describe("priorTraining(engine, options)", () => {
  test("another pattern starts anew under it, and the curve before stays beside", async () => {
    const engine = fakeEngine({startTime: 0, stepTime: 0, steps: 400});
    const settings: unknown[] = [];
    const {node, open} = priorTraining(engine, {
      prepare: async () => {},
      captions: ["a red heart"],
      layers: 4,
      seed: 1,
      masks: "paper",
      shipped: [],
      shippedUpdates: 0,
      stored: [{name: "full", steps: [50, 100], values: [3, 2]}],
      updates: 500,
      onSettings: (seed, masks) => settings.push([seed, masks])
    });
    document.body.append(node);
    await open();
    press(node, "Train");
    await until(() => /^200 \/ 200/.test(node.querySelector(".readout")!.textContent!), "the run's end");
    const curves = () => node.querySelectorAll(".stage-body > :nth-child(2) .series path").length;
    expect(curves()).toBe(2);
    const select = node.querySelectorAll<HTMLSelectElement>(".pattern-editor select")[0]!;
    select.value = "column";
    select.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => engine.calls.includes('reset 1 1 {"updates":500,"masks":"column"}'), "a reset");
    await until(() => node.textContent!.includes("the paper’s, seed 1"), "the curve of the run before");
    expect(settings.at(-1)).toEqual([1, "column"]);
  });
});

describe("questions", () => {
  test("their answers are computed", async () => {
    const model = await fakeModel();
    const hardest = await hardestQuestion(model).look(0);
    expect(hardest.right).toBe(0);
    expect(hardest.found).toContain("2.00, 1.00, 1.00, 1.00");
    // Two merges leave most of the 26 bytes: " a" stands there once, "le" twice.
    expect((await lengthQuestion(model).look(0)).found).toMatch(/^23 tokens/);
    expect((await greedyQuestion(model).look(0)).found).toMatch(/^\d; at temperature 1/);
  });
});
