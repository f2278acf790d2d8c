// @vitest-environment jsdom
// The figures of the chapters on the bound and on stage 1, with an engine that only pretends.

import {afterEach, beforeAll, beforeEach, describe, expect, test} from "vitest";
import {configSelects} from "../../components/figures/configSelects.js";
import {ablationFigure, sentenceOf} from "../../components/figures/dvae/ablationFigure.js";
import {likelihoodFigure} from "../../components/figures/dvae/likelihoodFigure.js";
import {tokensFigure} from "../../components/figures/dvae/tokensFigure.js";
import {trainFigure} from "../../components/figures/dvae/trainFigure.js";
import {codesPanel} from "../../components/figures/elbo/codesPanel.js";
import {elboStage} from "../../components/figures/elbo/elboStage.js";
import {equationFigure} from "../../components/figures/elbo/equationFigure.js";
import {lineFigure} from "../../components/figures/elbo/lineFigure.js";
import {ablations} from "../../components/training/ablations.js";
import {key} from "../charts/dom.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, press, until} from "./setUp.js";

beforeAll(installBrowser);
beforeEach(() => history.replaceState(null, "", "/"));
afterEach(() => document.body.replaceChildren());

const show = <N extends Node>(node: N): N => {
  document.body.append(node);
  return node;
};
const loaded = async () => {};

function set(input: HTMLInputElement | HTMLSelectElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}

test("a chapter's training figure tells what the engine tells of its worker and backend", () => {
  const engine = fakeEngine();
  let tell = (_: string) => {};
  engine.onNotice = (listener) => {
    tell = listener;
    return () => {};
  };
  const figure = show(elboStage(engine, {load: loaded, stored: {}}));
  const seen = () => [...figure.querySelectorAll<HTMLElement>(".message")].filter(({hidden}) => !hidden);
  tell("this browser has no WebGPU, so another backend was chosen.");
  expect(seen().map(({textContent}) => textContent)).toContain(
    "this browser has no WebGPU, so another backend was chosen."
  );
});

describe("codesPanel()", () => {
  const picture = (n: number) => ({shape: [n, 1, 1, 3], data: new Uint8Array(n * 3)});
  const codes = {
    image: picture(1),
    pictures: picture(3),
    likelihood: [2, 1, -1],
    prior: [1, 1, 1].map(() => -Math.log(3)),
    encoder: [0.2, 0.5, 0.3]
  };

  test("shows the encoder's guess, and meets ln p(x) at the true posterior", () => {
    const panel = show(codesPanel());
    panel.update(codes);
    const words = () => panel.querySelector(".bound-bar")!.getAttribute("aria-label")!;
    expect(words()).toMatch(/plus gap 0\.\d+ is ln p\(x\)/);
    press(panel, "True posterior");
    expect(words()).toMatch(/plus gap 0 is/);
    expect(panel.q!.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });

  test("a bar moved by keys changes q; gradient steps climb back", () => {
    const panel = show(codesPanel());
    panel.update(codes);
    const [first] = panel.querySelectorAll("[role=slider]");
    first!.dispatchEvent(new KeyboardEvent("keydown", {key: "End", bubbles: true, cancelable: true}));
    expect(panel.q).toEqual([1, 0, 0]);
    press(panel, "Fit q");
    expect(panel.q![1]).toBeGreaterThan(0.05);
  });
});

test("lineFigure() keeps its exact state in the address, and closes the gap when it is fitted", () => {
  const figure = show(lineFigure());
  press(figure, "Fit q");
  expect(location.search).toMatch(/^\?v=1.*m=/);
  expect(figure.querySelector(".bound-bar")!.getAttribute("aria-label")).toMatch(/plus gap (0 |\d\.\d+·10)/);
});

test("equationFigure() adds up the terms of the scene that is chosen", async () => {
  const figure = show(equationFigure(fakeEngine({startTime: 0}), loaded));
  await until(() => figure.querySelectorAll(".terms-table tbody tr").length === 8, `the terms: ${figure.textContent}`);
  const numbers = [...figure.querySelectorAll(".terms-table")].map((table) =>
    [...table.querySelectorAll("tbody tr")].map((row) =>
      Number(row.querySelector("td")!.textContent!.replace("−", "-").replace(",", ""))
    )
  );
  for (const rows of numbers) {
    const total = rows.pop()!;
    expect(Math.abs(rows.reduce((a, b) => a + b, 0) - total)).toBeLessThan(0.01 * Math.abs(total));
  }
  expect(figure.querySelector(".ladder")!.textContent).toContain("6,144 bits");
  expect(figure.querySelector(".ladder")!.textContent).toContain("48 times fewer positions");
});

describe("elboStage()", () => {
  const options = {load: loaded, stored: {step: [1, 600], heldElbo: [-5, 5], heldLogPx: [-4, 6]}};

  test("opens the run of the address, keeps β over a reset, and writes what differs", async () => {
    history.replaceState(null, "", "/?v=1&hidden=8&tbeta=2&seed=3");
    const engine = fakeEngine({startTime: 0, steps: 50});
    const figure = show(elboStage(engine, options));
    await until(() => engine.calls.includes('setHyper {"beta":2}'), "β at 2");
    expect(engine.calls.find((call) => call.startsWith("openSession elbo"))).toBeDefined();
    set([...figure.querySelectorAll<HTMLSelectElement>(".config-selects select")][1]!, "1");
    await until(() => engine.calls.some((call) => call.includes('"hidden":8,"prior":"learnt"')), "a reset");
    await until(() => location.search.includes("prior"), "the address");
    expect(location.search).toBe("?v=1&hidden=8&prior=learnt&tbeta=2&seed=3");
  });

  test("a step size that is held is in the address, and one from the address holds from the first step on", async () => {
    const engine = fakeEngine();
    const first = show(elboStage(engine, {load: loaded, stored: {}}));
    key(first.querySelector(".schedule [role=slider]")!, "End");
    expect(location.search).toBe("?v=1&elbo-xs.learningRate=0.3");
    first.remove();

    history.replaceState(null, "", "/?v=1&elbo-xs.learningRate=0.01");
    const again = fakeEngine();
    const figure = show(elboStage(again, {load: loaded, stored: {}}));
    const slider = figure.querySelector(".schedule [role=slider]")!;
    expect(slider.getAttribute("aria-valuetext")).toContain("held");
    press(figure, "Step");
    await until(() => again.calls.includes('setHyper {"learningRate":0.01}'), "the address's step size");
    const stepped = () => again.calls.findIndex((call) => call.startsWith("step "));
    await until(() => stepped() >= 0, "a step");
    expect(again.calls.indexOf('setHyper {"learningRate":0.01}')).toBeLessThan(stepped());
    key(slider, "End");
    press(figure, "Reset");
    await until(() => location.search === "?v=1&elbo-xs.learningRate=0.01", "the address as it was");

    history.replaceState(null, "", "/?v=1&elbo-xs.learningRate=fast");
    const wrong = show(elboStage(fakeEngine(), {load: loaded, stored: {}}));
    expect(wrong.textContent).toContain("elbo-xs.learningRate=fast in the address is not a number from 0.0001 to 0.3");
  });

  test("a reset gives a held step size back to its schedule, also in the engine", async () => {
    const engine = fakeEngine({startTime: 0, steps: 50});
    const figure = show(elboStage(engine, options));
    await until(() => engine.calls.some((call) => call.startsWith("openSession elbo")), "a session");
    key(figure.querySelector(".schedule [role=slider]")!, "End");
    await until(() => engine.calls.includes('setHyper {"learningRate":0.3}'), "a held value");
    press(figure, "Reset");
    await until(() => engine.calls.includes('setHyper {"learningRate":null}'), "the schedule's say");
  });
});

test("tokensFigure(): a code put by hand is decoded, and stands in the address", async () => {
  const engine = fakeEngine({startTime: 0});
  const figure = show(tokensFigure(engine, loaded));
  const cells = () => [...figure.querySelectorAll('[aria-label="Tokens to edit"] [role=gridcell]')];
  await until(() => cells().length === 16 && /code \d/.test(cells()[0]!.getAttribute("aria-label")!), "tokens");
  (cells()[5] as HTMLElement).click();
  const before = engine.calls.filter((call) => call === "decode").length;
  (figure.querySelectorAll('[aria-label="All codes"] [role=gridcell]')[9] as HTMLElement).click();
  expect(cells()[5]!.getAttribute("aria-label")).toMatch(/code 9$/);
  await until(() => engine.calls.filter((call) => call === "decode").length > before, "another decoding");
  expect(new URLSearchParams(location.search).get("tokens")!.split("-")[5]).toBe("9");
});

test("trainFigure(): a switch resets the run to its settings, and stands in the address", async () => {
  const engine = fakeEngine({startTime: 0, steps: 50});
  const figure = show(trainFigure(engine, {load: loaded, stored: {step: [1, 600], hardError: [0.1, 0.001]}}));
  await until(() => engine.calls.some((call) => call.startsWith("openSession dvae")), "a session");
  const select = [...figure.querySelectorAll<HTMLSelectElement>(".config-selects select")][1]!;
  set(select, "2");
  await until(() => engine.calls.some((call) => call.includes('"tauTo":0.0625')), "a reset");
  expect(location.search).toBe("?v=1&tau=2");
});

test("configSelects() shows the choice with most of a configuration's settings", () => {
  const node = configSelects("x", [
    {
      label: "τ",
      choices: [
        {label: "a", config: {}},
        {label: "b", config: {tauTo: 1}},
        {label: "c", config: {tauTo: 1, tauShape: "linear"}}
      ]
    }
  ]);
  for (const config of [{}, {tauTo: 1}, {tauTo: 1, tauShape: "linear"}]) {
    node.value = config;
    expect(node.value).toEqual(config);
  }
  node.value = {tauTo: 7};
  expect(node.value).toEqual({});
});

test("ablationFigure() tells the claim, what was measured, and what is missing", () => {
  const [tau] = ablations;
  const curve = (gap: number) => ({step: [600], hardError: [0.002], elbRelaxed: [1 + gap], elbTrue: [1]});
  const runs = [1, 2, 3].flatMap((seed) => [
    {config: {tauTo: 1}, seed, curve: curve(0.5 + seed / 100)},
    {config: {tauTo: 1 / 16}, seed, curve: curve(seed / 100)}
  ]);
  const file = {updates: 600, dataVersion: "1", command: "npx tsx scripts/ablations.ts", runs};
  expect(sentenceOf(file, tau!)).toMatch(/the claim holds at this size/);
  const figure = show(ablationFigure(file));
  expect(figure.querySelector(".ablation-claim")!.textContent).toContain("1/16");
  expect(figure.textContent).toContain("0.02 ± 0.01");
  set(figure.querySelectorAll("select")[0]!, "kernel");
  expect(figure.querySelector(".ablation-verdict")!.textContent).toContain("not measured yet");
});

test("likelihoodFigure() says how much leaks, at both ends of its sliders", () => {
  const figure = show(likelihoodFigure());
  for (const input of figure.querySelectorAll<HTMLInputElement>("input[type=range]")) {
    for (const value of [input.min, input.max]) {
      set(input, value);
      expect(figure.textContent).not.toMatch(/NaN|∞|undefined/);
    }
  }
});
