// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {numberFigure} from "../../components/figures/precision/numberFigure.js";
import {
  predictBlocks,
  predictFormats,
  predictPatterns,
  predictScales
} from "../../components/figures/precision/predictions.js";
import {rangeFigure} from "../../components/figures/precision/rangeFigure.js";
import {type Census, power} from "../../components/figures/precision/shared.js";
import type {StoredPrecision} from "../../components/figures/precision/stored.js";
import {precisionTable} from "../../components/figures/precision/tableFigure.js";
import {trainingFigure} from "../../components/figures/precision/trainingFigure.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, press, until} from "./setUp.js";

beforeAll(installBrowser);

const at = (query: string) => history.replaceState(null, "", `/scale${query}`);

/** Sixteen resblocks; each has one gradient in each of ten powers of two, the last ones lower by an octave each two. */
const census: Census = {
  blocks: Array.from({length: 16}, (_, i) => `${Math.floor(i / 2) + 1} ${i % 2 === 0 ? "attention" : "MLP"}`),
  step: 400,
  seed: 1,
  first: -40,
  counts: Array.from({length: 16}, (_, i) =>
    Array.from({length: 60}, (_, bin) => (bin >= 26 - i / 2 && bin < 36 - i / 2 ? 1 : 0))
  ),
  norms: Array.from({length: 16}, (_, i) => 2 ** -(8 + i / 2))
};

const stored: StoredPrecision = {
  updates: 400,
  census,
  runs: [
    {
      format: "fp16",
      scaling: "block",
      initialScale: 13,
      window: 125,
      seed: 1,
      step: [10, 20],
      loss: [4, 3.1],
      finalLoss: 3.1,
      heldImageLoss: 3,
      skipped: 0,
      scales: []
    },
    {
      format: "fp32",
      scaling: "none",
      initialScale: 13,
      window: 125,
      seed: 1,
      step: [10, 20],
      loss: [4, 3],
      finalLoss: 3,
      heldImageLoss: 3,
      skipped: 0,
      scales: []
    }
  ]
};

function choose(root: Element, label: string, value: string): void {
  const found = [...root.querySelectorAll("label")].find((one) => one.textContent === label)!;
  const input = root.querySelector<HTMLSelectElement>(`#${found.htmlFor}`)!;
  input.value = value;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}

function slide(root: Element, name: string, value: number): void {
  const input = [...root.querySelectorAll<HTMLInputElement>("input[type=range]")].find((one) =>
    one.closest(".slider")!.textContent!.includes(name)
  )!;
  input.value = String(value);
  input.dispatchEvent(new Event("input", {bubbles: true}));
}

describe("rangeFigure(census)", () => {
  const said = (figure: Element) => figure.querySelector("[role=status]")!.textContent!;

  test("counts what dies at a scale; a scale for each resblock saves all; the address keeps it", () => {
    at("");
    const figure = rangeFigure(census);
    // Below 2^−25 + 12 = 2^−13 all is lost: half of ten octaves where the row begins at 2^−18 or lower.
    const starving = census.counts.filter((row) => row.findIndex((n) => n > 0) - 40 <= -18).length;
    expect(said(figure)).toContain(`${starving} of 16 resblocks lose half`);
    expect(figure.querySelectorAll(".row.lost")).toHaveLength(starving);
    slide(figure, "scale of the gradients", 24);
    const over = census.counts.filter((row) => row.lastIndexOf(1) - 40 + 24 >= 16).length;
    expect(said(figure)).toContain(`${over} overflow`);
    choose(figure, "scales", "each");
    expect(said(figure)).toContain("0 of 16 resblocks lose half of their gradients or more (✕), 0 overflow");
    expect(location.search).toBe("?v=1&scale=24&own=each");
  });

  test("a format of wider range needs no scale", () => {
    at("?v=1&format=bf16");
    expect(said(rangeFigure(census))).toContain("in bf16: 0 of 16 resblocks lose half");
    at("");
  });
});

describe("numberFigure()", () => {
  const fate = (figure: Element) => figure.querySelector<HTMLElement>("[role=status]")!.dataset.fate;
  const bits = (figure: Element) => [...figure.querySelectorAll(".bit")].map((bit) => bit.textContent).join("");

  test("shows the bits and the fate of what is typed; a scale may save it", () => {
    at("?v=1&number=1");
    const figure = numberFigure();
    expect(bits(figure)).toBe("0011110000000000");
    const typed = figure.querySelector<HTMLInputElement>("input[type=text]")!;
    const type = (text: string) => {
      typed.value = text;
      typed.dispatchEvent(new Event("input"));
    };
    type("1e-8");
    expect(fate(figure)).toBe("zero");
    expect(figure.textContent).toContain("100 %");
    slide(figure, "scale", 13);
    expect(fate(figure)).toBe("normal");
    type("1e6");
    expect(fate(figure)).toBe("infinite");
    expect(bits(figure)).toBe("0111110000000000");
    type("much");
    expect(typed.getAttribute("aria-invalid")).toBe("true");
    expect(fate(figure)).toBe("infinite");
    choose(figure, "format", "bf16");
    expect(fate(figure)).toBe("normal");
    expect(figure.innerHTML).not.toMatch(/NaN|undefined/);
    at("");
  });
});

describe("trainingFigure(engine)", () => {
  test("shows stored results at once, then its own; another format starts anew; a scale is turned while it trains", async () => {
    at("");
    const engine = fakeEngine({startTime: 0, stepTime: 0, steps: 200});
    const figure = trainingFigure(engine, {prepare: async () => {}, stored});
    document.body.append(figure);
    const curves = () => figure.querySelector(".curve")!.getAttribute("aria-label")!;
    await until(() => curves().includes("fp32"), "the stored curve");
    expect(curves()).toContain("stored");
    expect(figure.querySelectorAll(".row")).toHaveLength(16);
    press(figure, "Train");
    await until(() => figure.textContent!.includes("Updates skipped: 5 of 100"), "the run to end");
    await until(() => figure.textContent!.includes("resblock 16"), "its scales"); // a drawing may take several frames
    choose(figure, "gradient scale", "fixed");
    await until(() => engine.calls.some((call) => call.startsWith("reset 1 1")), "a reset");
    expect(engine.calls.find((call) => call.startsWith("reset"))).toContain('{"scaling":"fixed"}');
    slide(figure, "by hand, at once", -12);
    await until(() => engine.calls.includes('setHyper {"scale":-12}'), "the scale to be set");
    await until(() => location.search.includes("by=fixed"), "the address");
    expect(curves()).not.toContain("stored"); // none was stored with these settings
    figure.remove();
    at("");
  });
});

const answer = async (node: HTMLElement) => {
  const input = node.querySelector("input")!;
  input.checked = true;
  input.dispatchEvent(new Event("change"));
  press(node, "Look");
  await until(() => node.querySelector(".right") !== null, "an answer");
  return {right: node.querySelector(".right")!.textContent!, found: node.querySelector(".found")!.textContent!};
};

describe("questions", () => {
  test("half of fp16's numbers lie within 1", async () => {
    expect(await answer(predictPatterns())).toMatchObject({
      right: expect.stringContaining("about half"),
      found: expect.stringContaining("15,360 of 31,744")
    });
  });

  test("the last resblocks lose most where their gradients are smallest, and the first where those are", async () => {
    expect((await answer(predictBlocks(census))).right).toContain("the last ones");
    const turned = {...census, counts: [...census.counts].reverse()};
    expect((await answer(predictBlocks(turned))).right).toContain("the first ones");
  });

  test("formats are judged by what they lose", async () => {
    expect((await answer(predictFormats(census))).right).toContain("bf16 and 1-6-9");
    const tiny = {...census, first: -100};
    expect((await answer(predictFormats(tiny))).right).toContain("bf16 alone");
  });
});

describe("stored runs", () => {
  const run = (scaling: "global" | "block", seed: number, finalLoss: number, skipped: number) => ({
    ...stored.runs[0]!,
    ...{format: "1-2-3" as const, scaling, seed, finalLoss, skipped, scales: [scaling === "block" ? 3 : 4, 6]}
  });
  const runs = [
    run("global", 1, 2.5, 6),
    run("global", 2, 2.7, 10),
    run("block", 1, 2.1, 40),
    run("block", 2, 2.3, 40)
  ];

  test("the table has means and ranges over seeds", () => {
    const rows = [...precisionTable({...stored, runs}).querySelectorAll("tbody tr")].map((row) => row.textContent);
    expect(rows).toEqual([
      expect.stringMatching(/one, by the rule.*2\.6002\.500 … 2\.7002\.0 %/),
      expect.stringMatching(/one for each resblock.*2\.2002\.100 … 2\.30010\.0 %/)
    ]);
  });

  test("the question is answered by them", async () => {
    expect((await answer(predictScales({...stored, runs}))).right).toContain("a scale for each");
    const turned = runs.map((one) => ({
      ...one,
      scaling: one.scaling === "block" ? ("global" as const) : ("block" as const)
    }));
    expect((await answer(predictScales({...stored, runs: turned}))).right).toContain("one scale for all");
  });
});

test("power(n)", () => {
  expect([power(13), power(-12), power(0), power(6.5)]).toEqual(["2¹³", "2⁻¹²", "2⁰", "2^6.5"]);
});
