// @vitest-environment jsdom
import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {pipelineFigure} from "../../components/figures/pipelineFigure.js";
import {readTokens} from "../../components/figures/tokensAddress.js";
import {type FakeEngine, fakeEngine} from "./fakeEngine.js";
import {codesOf, draw, installBrowser, press, until} from "./setUp.js";

beforeAll(installBrowser);
afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
});

async function open(engine: FakeEngine = fakeEngine({tokenTime: 0, startTime: 0})): Promise<HTMLElement> {
  const figure = pipelineFigure(engine, {size: "xs"});
  document.body.append(figure);
  await until(() => codesOf(figure).length === 16 && codesOf(figure).every((code) => code >= 0), "a picture");
  return figure;
}
const cell = (figure: Element, label: string, i: number) =>
  figure.querySelectorAll<HTMLElement>(`[aria-label="${label}"] [role=gridcell]`)[i]!;

describe("pipelineFigure(engine, options)", () => {
  test("shows the caption's tokens and its pads", async () => {
    const figure = await open();
    expect(figure.querySelectorAll(".text-tokens li")).toHaveLength(16);
    expect(figure.querySelectorAll(".text-tokens li:not(.pad)").length).toBeGreaterThan(2);
  });

  test("a code of the distribution goes where the reader has clicked, and is decoded at once", async () => {
    const engine = fakeEngine({tokenTime: 0, startTime: 0});
    const figure = await open(engine);
    cell(figure, "Image tokens", 6).click();
    await until(
      () => figure.querySelector(".distribution .chart-title")!.textContent!.includes("row 2, column 3"),
      "it"
    );
    const before = codesOf(figure);
    const other = figure.querySelector<HTMLButtonElement>(".distribution li:not(.chosen) button")!;
    const code = Number(other.querySelector(".code")!.textContent);
    other.click();
    await until(() => codesOf(figure)[6] === code, "the code to be put in");
    expect(codesOf(figure).filter((c, i) => c !== before[i])).toHaveLength(1);
    await until(() => engine.calls.includes("decode"), "the decoder");
  });

  test("a code of the codebook does too", async () => {
    const figure = await open();
    cell(figure, "Image tokens", 0).click();
    cell(figure, "Codebook", 11).click();
    await until(() => codesOf(figure)[0] === 11, "code 11");
  });

  test("rows that are kept stay as they are when the rest is drawn anew", async () => {
    const engine = fakeEngine({tokenTime: 0, startTime: 0});
    const figure = await open(engine);
    cell(figure, "Image tokens", 2).click();
    cell(figure, "Codebook", 13).click();
    cell(figure, "Image tokens", 14).click();
    cell(figure, "Codebook", 13).click();
    await until(() => codesOf(figure)[14] === 13, "two changes");
    const kept = codesOf(figure).slice(0, 8);
    const slider = figure.querySelector<HTMLInputElement>(".steering input[type=range]")!;
    slider.value = "2";
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => codesOf(figure)[14] !== 13 && codesOf(figure).every((code) => code >= 0), "the rest anew");
    expect(codesOf(figure).slice(0, 8)).toEqual(kept);
    expect(kept[2]).toBe(13);
  });

  test("a chosen token's row of the mask is lit, and what it does not see is veiled", async () => {
    const figure = await open();
    cell(figure, "Image tokens", 9).click();
    await until(() => figure.querySelectorAll(".tokens .veiled").length > 0, "the veil");
    // Layer 1 is a row layer: token 9 of a 4 × 4 grid sees 5 … 9.
    const seen = Array.from({length: 16}, (_, i) => i).filter(
      (i) => !cell(figure, "Image tokens", i).matches(".veiled")
    );
    expect(seen).toEqual([5, 6, 7, 8, 9]);
    expect(figure.querySelector(".mask-controls")!.textContent).toContain(
      "image token 10 sees 16 of the text and 5 of the image"
    );
  });

  test("the reader's image is encoded, and its tokens can be taken", async () => {
    const engine = fakeEngine({tokenTime: 0, startTime: 0});
    const figure = await open(engine);
    await until(() => engine.calls.includes("encode"), "the encoder");
    await until(() => /error/.test(figure.querySelector(".encode-panel")!.textContent!), "the errors");
    press(figure, "Use these tokens above");
    const own = [...figure.querySelectorAll('[aria-label="Tokens of your image"] [role=gridcell]')].map((c) =>
      Number(/code (\d+)/.exec(c.getAttribute("aria-label")!)![1])
    );
    await until(() => codesOf(figure).join(" ") === own.join(" "), "the tokens of the image");
  });

  test("another caption is tokenised and drawn", async () => {
    const engine = fakeEngine({tokenTime: 0, startTime: 0});
    const figure = await open(engine);
    draw(figure, "a blue square");
    await until(() => engine.calls.includes("sample a blue square"), "the draw");
  });

  test("image to image: the upper half of a picture stays, the caption asks for the rest", async () => {
    const engine = fakeEngine({tokenTime: 0, startTime: 0});
    const figure = await open(engine);
    await until(() => /error/.test(figure.querySelector(".encode-panel")!.textContent!), "the encoder");
    press(figure, "another colour: a green heart");
    await until(() => engine.calls.includes("sample a green heart"), "the draw");
    await until(() => /upper 2 rows are those of the image/.test(figure.textContent!), "the words");
    const own = [...figure.querySelectorAll('[aria-label="Tokens of your image"] [role=gridcell]')].map((c) =>
      Number(/code (\d+)/.exec(c.getAttribute("aria-label")!)![1])
    );
    await until(() => codesOf(figure).slice(0, 8).join() === own.slice(0, 8).join(), "the kept rows");
  });

  test("the address brings changed tokens back, and a fresh draw takes them out of it", async () => {
    const figure = await open();
    cell(figure, "Image tokens", 6).click();
    cell(figure, "Codebook", 13).click();
    await until(() => new URLSearchParams(location.search).has("tokens"), "the tokens in the address");
    // What the figure shows comes a frame later.
    const changed = [...readTokens(new URLSearchParams(location.search).get("tokens")!)!];
    expect(changed[6]).toBe(13);
    document.body.replaceChildren();
    const again = await open();
    await until(() => codesOf(again).join() === changed.join(), "the same tokens");
    draw(again, "a blue square");
    await until(() => !new URLSearchParams(location.search).has("tokens"), "an address without them");
    expect(new URLSearchParams(location.search).get("caption")).toBe("a blue square");
  });

  test("an address that names no tokens is told so", async () => {
    history.replaceState(null, "", "/?v=1&tokens=abc&rows=9");
    const figure = await open();
    expect(figure.querySelector(".message.problem")!.textContent).toMatch(/rows=9 .* tokens=abc /);
  });
});
