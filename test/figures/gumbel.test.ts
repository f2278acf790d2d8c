// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {countFigure} from "../../components/figures/gumbel/countFigure.js";
import {drawFigure} from "../../components/figures/gumbel/drawFigure.js";
import {predictNoise, predictShares} from "../../components/figures/gumbel/predictions.js";
import {simplexFigure} from "../../components/figures/gumbel/simplexFigure.js";
import {gumbelState} from "../../components/figures/gumbel/state.js";
import {key} from "../charts/dom.js";
import {installBrowser, press, until} from "./setUp.js";

beforeAll(installBrowser);

const at = (query: string) => history.replaceState(null, "", `/gumbel${query}`);

describe("gumbelState()", () => {
  test("reads the address, ignores what is bad in it with a word, and writes what differs", () => {
    at("?v=1&k=5&tau=0.25&noise=x");
    const state = gumbelState();
    expect([state.logits.length, state.tau, state.seed]).toEqual([5, 0.25, 1]);
    expect(state.problems.join()).toContain("noise=x");
    state.setTau(1);
    state.setCodes(3);
    state.setLogits(Float64Array.of(1, -2.5, 0));
    expect(location.search).toBe("?v=1&k=3&logits=1+-2.5+0");
    expect([...gumbelState().logits]).toEqual([1, -2.5, 0]);
    at("?v=1&logits=1+two");
    const bad = gumbelState();
    expect(bad.logits.length).toBe(8);
    expect(bad.problems.join()).toContain("logits=1 two");
    at("");
  });

  test("the same seed gives the same noise", () => {
    const [one, two] = [gumbelState(), gumbelState()];
    expect(one.noise).toEqual(two.noise);
    two.setSeed(2);
    expect(one.noise).not.toEqual(two.noise);
    at("");
  });
});

describe("drawFigure(state)", () => {
  test("says which code is drawn; the temperature changes the mixture and not the code; a logit can be moved", async () => {
    const state = gumbelState();
    const figure = drawFigure(state);
    const said = () => figure.querySelector(".message")!.textContent!;
    const code = () => /Code (\d+)/.exec(said())![1];
    await until(() => said() !== "", "a first draw");
    const first = code();
    const before = said();
    state.setTau(1 / 16);
    await until(() => said() !== before, "another mixture");
    expect(code()).toBe(first);
    const bar = figure.querySelectorAll("[role=slider]")[6]!;
    key(bar, "End");
    await until(() => code() === "7", "code 7 to be drawn");
    expect(state.logits[6]).toBe(4);
    press(figure, "New noise");
    expect(state.seed).toBe(2);
    at("");
  });

  test.each([1 / 16, 8])("shows no broken number at τ = %d with the widest logits", async (tau) => {
    const state = gumbelState();
    state.setLogits(Float64Array.of(4, -4, 4, -4));
    state.setTau(tau);
    const figure = drawFigure(state);
    await until(() => figure.querySelector(".message")!.textContent !== "", "a draw");
    expect(figure.innerHTML).not.toMatch(/NaN|Infinity/);
    at("");
  });
});

test("countFigure(state) counts, counts on, and begins anew with other logits", async () => {
  const state = gumbelState();
  const figure = countFigure(state);
  const said = () => figure.querySelector("[role=status]")!.textContent!;
  await until(() => said().startsWith("10,000"), "10,000 draws");
  press(figure, "Draw 10,000 more");
  expect(said()).toMatch(/^20,000 draws/);
  state.setTau(8);
  expect(said()).toMatch(/^20,000 draws/);
  state.setCodes(32);
  await until(() => said().startsWith("10,000"), "a new count");
  expect(said()).toContain("of 32 shares");
  at("");
});

test("simplexFigure(state) draws 500 points, and goes on drawing when asked", async () => {
  const figure = simplexFigure(gumbelState());
  await until(() => figure.querySelectorAll(".dots path").length === 500, "500 draws");
  const places = () => [...figure.querySelectorAll(".dots path")].map((p) => p.getAttribute("transform")).join();
  const before = places();
  press(figure, "Keep drawing");
  await until(() => places() !== before, "other draws");
  press(figure, "Keep drawing");
});

test("simplexFigure(state) keeps its logits and its draws in the address, and draws the same from there", async () => {
  const figure = simplexFigure(gumbelState());
  const places = (of: HTMLElement) =>
    [...of.querySelectorAll(".dots path")].map((p) => p.getAttribute("transform")).join();
  await until(() => places(figure) !== "", "draws");
  const before = places(figure);
  const second = figure.querySelectorAll<HTMLInputElement>(".gumbel-sliders input")[2]!;
  second.value = second.max;
  second.dispatchEvent(new Event("input", {bubbles: true}));
  press(figure, "New draws");
  expect(location.search).toBe("?v=1&l2=4&draws=2");
  await until(() => places(figure) !== before, "other draws");
  await until(
    () => (figure.querySelector(".simplex")!.getAttribute("aria-label") ?? "").includes("500"),
    "all of them"
  );
  const again = simplexFigure(gumbelState());
  await until(() => places(again) === places(figure), "the same draws");
  at("?v=1&l3=five");
  expect(simplexFigure(gumbelState()).querySelector(".problem")!.textContent).toContain("l3=five");
  at("");
});

test("the answers are what the page says: τ changes no share, and a small one makes a noisy gradient", async () => {
  const look = async (question: HTMLElement) => {
    const input = question.querySelector("input")!;
    input.checked = true;
    input.dispatchEvent(new Event("change"));
    press(question, "Look");
    await until(() => question.querySelector(".right") !== null, "an answer");
    return question.querySelector(".right")!.textContent;
  };
  expect(await look(predictShares(gumbelState()))).toContain("nothing");
  expect(await look(predictNoise())).toContain("grows several times");
});
