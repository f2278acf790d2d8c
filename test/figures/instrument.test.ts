// @vitest-environment jsdom
import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {type Instrument, instrument} from "../../components/figures/instrument.js";
import {encodeBytes} from "../../components/figures/stored.js";
import {pixelsOf} from "../charts/dom.js";
import {type FakeEngine, fakeEngine} from "./fakeEngine.js";
import {codesOf, draw, installBrowser, press, until} from "./setUp.js";

beforeAll(installBrowser);
afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
});

function open(engine: FakeEngine, options: Parameters<typeof instrument>[1] = {}): Instrument {
  const figure = instrument(engine, {size: "xs", ...options});
  document.body.append(figure);
  return figure;
}
const state = (figure: Element) => figure.querySelector(".figure-foot .message")!.textContent!;
const drawn = (figure: Element) => () => state(figure).startsWith("Drawn in");
const fast = () => fakeEngine({tokenTime: 0, startTime: 0});

describe("instrument(engine, options)", () => {
  test("draws its first caption without being asked", async () => {
    const figure = open(fast());
    await until(drawn(figure), "a picture");
    await until(() => codesOf(figure).every((code) => code >= 0), "all tokens to be shown");
    expect(figure.querySelectorAll(".slot")).toHaveLength(4);
    expect(figure.querySelectorAll(".distribution li").length).toBeGreaterThan(4);
  });

  test("tokens are shown as they arrive, one position after the other", async () => {
    const figure = open(fakeEngine({tokenTime: 30, startTime: 0}));
    await until(() => codesOf(figure).some((code) => code >= 0), "a first token");
    const partly = codesOf(figure);
    const first = partly.indexOf(-1);
    expect(first).toBeGreaterThan(0);
    expect(partly.slice(first).every((code) => code === -1)).toBe(true);
  });

  test("same settings, same picture; another seed, another", async () => {
    const figure = open(fast());
    const tokens = async (caption: string, seed: string) => {
      const input = figure.querySelector<HTMLInputElement>(".seed input")!;
      input.value = seed;
      input.dispatchEvent(new Event("input", {bubbles: true}));
      draw(figure, caption);
      await until(() => !drawn(figure)(), "the draw to begin");
      await until(drawn(figure), "the draw to end");
      await new Promise((resolve) => setTimeout(resolve, 300)); // the change of the seed draws again, once
      await until(drawn(figure), "the draw to end");
      await new Promise((resolve) => setTimeout(resolve, 30));
      return codesOf(figure).join(" ");
    };
    const first = await tokens("a red star", "5");
    const second = await tokens("a red star", "6");
    expect(await tokens("a red star", "5")).toBe(first);
    expect(second).not.toBe(first);
  });

  test("CLIP is asked only when the reader wants the best first; then the largest cosine stands first", async () => {
    const engine = fast();
    let loads = 0;
    const loadClip = (size: "xs" | "s") => {
      loads += 1;
      return engine.openClip(size, {from: "shipped"});
    };
    const figure = open(engine, {loadClip});
    await until(drawn(figure), "a picture");
    expect(loads).toBe(0);
    const box = figure.querySelector<HTMLInputElement>("input[type=checkbox]")!;
    const names = () => [...figure.querySelectorAll(".pick")].map((pick) => pick.getAttribute("aria-label")!);
    box.click();
    await until(() => names().every((name) => name.includes("cosine")), "ranked candidates");
    const cosines = names().map((name) => Number(/cosine ([\d.-]+)/.exec(name)![1]));
    expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
    expect(figure.querySelector(".pick")!.getAttribute("aria-pressed")).toBe("true");
    expect(location.search).toContain("rank=1");
    box.click();
    await until(() => names().join() === "candidate 1,candidate 2,candidate 3,candidate 4", "the order of drawing");
  });

  test("unknown words are told with those that are known", async () => {
    const figure = open(fast());
    draw(figure, "a red dragon");
    await until(() => figure.querySelector(".told")!.textContent !== "", "a word about the dragon");
    expect(figure.querySelector(".told")!.textContent).toMatch(
      /never read “dragon”\. It knows shapes: circle, .*colours: red/
    );
    draw(figure, "a red star");
    await until(() => figure.querySelector(".told")!.textContent === "", "the word to go");
  });

  test("a combination that was kept from training is marked as it is typed", () => {
    const figure = open(fast());
    const input = figure.querySelector<HTMLInputElement>("form input")!;
    const badge = figure.querySelector<HTMLElement>("form .unseen")!;
    const type = (caption: string) => {
      input.value = caption;
      input.dispatchEvent(new Event("input", {bubbles: true}));
      return !badge.hidden;
    };
    expect(type("a blue star")).toBe(true);
    expect(type("a red star")).toBe(false);
  });

  test("a new caption overtakes the draw under way", async () => {
    const engine = fakeEngine({tokenTime: 20, startTime: 0});
    const figure = open(engine);
    await until(() => engine.calls.some((call) => call.startsWith("sample")), "the first draw");
    draw(figure, "a purple square");
    await until(drawn(figure), "the second picture");
    expect(engine.calls.filter((call) => call.startsWith("sample")).at(-1)).toBe("sample a purple square");
    expect(state(figure)).not.toMatch(/could not/);
    await until(() => codesOf(figure).every((code) => code >= 0), "all tokens");
    expect(figure.querySelector(".stage canvas[role=img]")!.getAttribute("aria-label")).toMatch(/purple square/);
  });

  test("the nearest training image is named beside each candidate", async () => {
    const figure = open(fast());
    await until(() => /nearest training image: “/.test(nearestOf(figure)), "the nearest images");
    expect(nearestOf(figure)).toMatch(/mean squared difference/);
  });
  const nearestOf = (figure: Element) =>
    figure.querySelector(".slot > .pixel-image canvas")!.getAttribute("aria-label") ?? "";

  test("another candidate shows its own tokens", async () => {
    const figure = open(fast());
    await until(drawn(figure), "a picture");
    await until(() => codesOf(figure).every((code) => code >= 0), "all tokens");
    const first = codesOf(figure).join(" ");
    figure.querySelectorAll<HTMLButtonElement>(".pick")[2]!.click();
    await until(() => codesOf(figure).join(" ") !== first, "another candidate's tokens");
    expect(figure.querySelectorAll(".pick")[2]!.getAttribute("aria-pressed")).toBe("true");
  });

  test("stored results stand there before the model does", async () => {
    const settings = {
      size: "xs",
      caption: "a red heart, top left",
      seed: 1,
      candidates: 4,
      temperature: 1,
      topK: 0,
      topP: 1
    } as const;
    const images = {shape: [4, 16, 16, 3], data: new Uint8Array(4 * 768).fill(99)};
    const patches = {xs: encodeBytes({shape: [64, 4, 4, 3], data: new Uint8Array(64 * 48)})};
    const tokens = Array.from({length: 64}, (_, i) => i % 64);
    const figure = open(fakeEngine({startTime: 5000}), {
      stored: {drawings: [{settings, grid: 4, tokens, images: encodeBytes(images)}], patches}
    });
    await until(() => codesOf(figure)[1] === 1, "the stored tokens");
    expect(pixelsOf(figure.querySelector(".stage canvas[role=img]"))[0]).toBe(99);
    expect(state(figure)).toMatch(/^A stored result\./);
  });

  test("settings go into the address and come from it", async () => {
    history.replaceState(null, "", "/?v=1&seed=9&n=2&caption=a+green+star");
    const engine = fast();
    const figure = open(engine);
    await until(drawn(figure), "a picture");
    expect(engine.calls).toContain("sample a green star");
    await until(() => figure.querySelectorAll(".slot").length === 2, "two candidates");
    draw(figure, "a blue cross");
    expect(new URLSearchParams(location.search).get("caption")).toBe("a blue cross");
    expect(new URLSearchParams(location.search).get("seed")).toBe("9");
  });

  test("a setting in the address that is none is told", () => {
    history.replaceState(null, "", "/?v=1&seed=minus");
    expect(state(open(fakeEngine({startTime: 5000})))).toBeDefined();
  });

  test("a model that cannot be had is told, and the next try may succeed", async () => {
    let broken = true;
    const figure = open(fast(), {
      async loadShipped() {
        if (broken) throw new Error("The weights could not be fetched");
      }
    });
    await until(() => /could not be drawn: The weights could not be fetched\./.test(state(figure)), "the reason");
    expect(figure.querySelector(".figure-foot .message")!.classList.contains("problem")).toBe(true);
    broken = false;
    press(figure, "Draw");
    await until(drawn(figure), "a picture");
  });

  test("weights that the reader has trained on an earlier visit can be chosen", async () => {
    const engine = fast();
    const run = {size: "xs", seed: 3, step: 10, config: {}, savedAt: "", bytes: 1} as const;
    engine.storedRuns = async () => [
      {...run, name: "pipeline-xs-dvae", model: "dvae"},
      {...run, name: "pipeline-xs-prior", model: "prior"}
    ];
    engine.resume = async () => 10;
    const figure = open(engine);
    const choice = () =>
      [...figure.querySelectorAll<HTMLElement>(".select")].find((s) => /^weights/.test(s.textContent!))!;
    await until(() => !choice().hidden, "the choice");
    const select = choice().querySelector("select")!;
    select.value = "own";
    select.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => engine.calls.includes("openSession prior xs 3"), "both sessions");
    await until(() => engine.calls.filter((call) => call === "openPipeline xs").length === 2, "a second pipeline");
  });

  test("the reader's own weights are used, and can be left again", async () => {
    const engine = fast();
    const figure = open(engine);
    await until(drawn(figure), "a picture");
    const choice = () =>
      [...figure.querySelectorAll<HTMLElement>(".select")].find((s) => s.textContent!.startsWith("weights"))!;
    expect(choice().hidden).toBe(true);
    figure.useWeights({size: "xs", dvae: {from: "session", id: 1}, prior: {from: "session", id: 2}});
    expect(choice().hidden).toBe(false);
    await until(() => engine.calls.filter((call) => call === "openPipeline xs").length === 2, "a second pipeline");
  });
});
