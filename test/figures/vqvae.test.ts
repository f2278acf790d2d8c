// @vitest-environment jsdom
// The chapter's figures on the real engine, in one thread: what they ask of it is what it has.
import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import type {FigureEngine} from "../../components/figures/engine.js";
import {gapFigure} from "../../components/figures/gumbel/gapFigure.js";
import {gridFigure} from "../../components/figures/vqvae/gridFigure.js";
import {pathsFigure} from "../../components/figures/vqvae/pathsFigure.js";
import {planeFigure} from "../../components/figures/vqvae/planeFigure.js";
import {predictDeadCodes, predictPaths} from "../../components/figures/vqvae/predictions.js";
import {priorFigure} from "../../components/figures/vqvae/priorFigure.js";
import {tokenFigure} from "../../components/figures/vqvae/tokenFigure.js";
import {Engine} from "../../components/training/engine.js";
import type {ModelName} from "../../components/training/protocol.js";
import {models} from "../../components/training/registry.js";
import {key} from "../charts/dom.js";
import {memoryStore} from "../training/port.js";
import {installBrowser, press, until} from "./setUp.js";

const engine = new Engine(models, memoryStore()) as unknown as FigureEngine;
let started = false;
Object.assign(engine, {onNotice: () => () => {}, onBackend: () => () => {}});

const prepare = (model: ModelName) => async () => {
  if (!started) await (engine as unknown as Engine).start("wasm");
  started = true;
  const file = readFileSync(`data/checkpoints/xs-${model}.safetensors`);
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  await engine.provideShipped("xs", model, bytes);
};
const stored = {step: [1, 500], hardError: [0.1, 0.002], relaxedError: [0.1, 0.002]};

installBrowser();
history.replaceState(null, "", "/vqvae");

describe("on the shipped weights", () => {
  const grid = gridFigure(engine, {prepare: prepare("vqvae"), stored});

  test("the grid figure shows reconstructions, usage and the stored curve, then the reader's own steps", async () => {
    await until(() => grid.run.status.state === "finished", "the shipped weights");
    await until(() => grid.textContent!.includes("of 64 codes in use"), "usage");
    expect(grid.textContent).toContain("weights that come with the site");
    expect(Number(/([\d.]+) of 64 codes/.exec(grid.textContent!)![1])).toBeGreaterThan(20);
    await until(() => grid.textContent!.includes("0.002"), "the stored curve");
  });

  test("the switches and β reach the session", async () => {
    const box = grid.querySelectorAll<HTMLInputElement>(".vq-loss input[type=checkbox]")[1]!;
    box.checked = false;
    box.dispatchEvent(new Event("input", {bubbles: true}));
    await grid.run.step();
    expect(grid.run.latest.codebook).toBe(0);
    expect(location.search).toContain("off=codebook");
    box.checked = true;
    box.dispatchEvent(new Event("input", {bubbles: true}));
    await grid.run.step();
    expect(grid.run.latest.codebook).toBe(1);
  });

  test("the paths figure gives nought where the stop-gradient stands, and more without it", async () => {
    const figure = pathsFigure(engine, grid);
    const cells = () => [...figure.querySelectorAll("td")].map((cell) => (cell.textContent === "0" ? 0 : 1)).join("");
    await until(() => cells() === "101010100", "the three terms' gradients");
    const [sg] = figure.querySelectorAll<HTMLInputElement>("input[type=checkbox]");
    sg!.checked = false;
    sg!.dispatchEvent(new Event("input"));
    await until(() => cells() === "101110110", "gradients without the stop-gradient");
    press(figure, "3 commitment");
    expect(figure.querySelector("svg.gradient-paths")!.getAttribute("aria-label")).toMatch(/^3 commitment/);
  });

  test("a code can be put in place of another", async () => {
    const figure = tokenFigure(engine, grid);
    const said = () => figure.querySelector("[role=status]")!.textContent!;
    await until(() => figure.querySelectorAll('[aria-label="Codebook"] [role=gridcell]').length === 64, "the codebook");
    const cell = figure.querySelectorAll('[aria-label="Tokens of the image"] [role=gridcell]')[9]!;
    key(cell, "Enter");
    expect(said()).toMatch(/^Code \d+ stands there/);
    key(figure.querySelectorAll('[aria-label="Codebook"] [role=gridcell]')[5]!, "Enter");
    await until(() => /row 2, column 2: code 5/i.test(said()), "the swap");
    expect(cell.getAttribute("aria-label")).toContain("code 5");
    await until(() => /\d+ of 256 pixels have changed/.test(said()), "what it changed");
    expect(Number(/(\d+) of 256/.exec(said())![1])).toBeGreaterThan(0);
    expect(location.search).toContain("swaps=9.5");
    press(figure, "Its own tokens again");
    expect(location.search).not.toContain("swaps");
    expect(cell.getAttribute("aria-label")).not.toContain("code 5");
  });

  test("an image and its swaps come from the address", async () => {
    history.replaceState(null, "", "/vqvae?v=1&image=3&swaps=0.7_63.9");
    const figure = tokenFigure(engine, grid);
    const label = (i: number) =>
      figure.querySelectorAll('[aria-label="Tokens of the image"] [role=gridcell]')[i]!.getAttribute("aria-label");
    await until(() => label(0) === "row 1, column 1: code 7", "the first swap");
    expect(label(63)).toBe("row 8, column 8: code 9");
    history.replaceState(null, "", "/vqvae?v=1&swaps=64.1");
    expect(tokenFigure(engine, grid).textContent).toContain("swaps=64.1 in the address is not cells with their codes");
    history.replaceState(null, "", "/vqvae");
  });

  test("the priors are priced", async () => {
    const figure = priorFigure(engine, grid);
    const bits = () => [...figure.querySelectorAll(".number")].map((number) => Number(number.textContent));
    await until(() => bits()[0]! > 0, "bits");
    expect(bits()[0]).toBe(384);
    expect(bits()[2]).toBeLessThan(bits()[1]!);
  }, 60_000);

  test("the questions are answered from the model", async () => {
    const question = predictPaths(engine, grid);
    const input = question.querySelector("input")!;
    input.checked = true;
    input.dispatchEvent(new Event("change"));
    press(question, "Look");
    await until(() => question.querySelector(".right") !== null, "an answer");
    expect(question.querySelector(".right")!.textContent).toContain("the codebook");
    expect(predictDeadCodes(engine).textContent).toContain("64 codes start at random");
  });
});

test("the plane figure draws cells, and decodes the place that is tried", async () => {
  const figure = planeFigure(engine, {prepare: prepare("vqvaePlane"), stored});
  await until(() => figure.querySelectorAll(".cells path").length === 24, "24 cells");
  expect(figure.querySelectorAll(".outputs circle").length).toBe(512);
  key(figure.querySelector("svg.voronoi")!, "ArrowRight");
  await until(() => /nearest code, \d+|nearest code, code/.test(figure.textContent!), "the nearest code");
});

test("the gap figure shows the shipped model's draws and the stored gap", async () => {
  const figure = gapFigure(engine, {
    prepare: prepare("gumbel"),
    stored,
    staying: {step: [1, 500], hardError: [0.2, 0.004], relaxedError: [0.1, 0.002]}
  });
  await until(() => figure.run.status.state === "finished", "the shipped weights");
  await until(() => figure.textContent!.includes("100"), "a gap of 100 %");
  expect(figure.innerHTML).not.toMatch(/NaN|Infinity/);
});
