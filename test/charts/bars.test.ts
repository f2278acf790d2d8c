// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {type Distribution, distributionBars} from "../../components/charts/distributionBars.js";
import {heatGrid} from "../../components/charts/heatGrid.js";
import {perplexity, usageBars} from "../../components/charts/usageBars.js";
import {expectSvg, installCanvas, pixelsOf} from "./dom.js";

beforeAll(installCanvas);

describe("usageBars(counts)", () => {
  const counts = [3, 0, 9, 1, 0, 5];
  test("sorted, with dead codes marked and counted", async () => {
    const chart = usageBars(counts);
    await expectSvg(chart, "usage-sorted");
    expect(chart.textContent).toContain("2 dead");
  });

  test("by code", async () => {
    const chart = usageBars(counts);
    chart.order = "code";
    await expectSvg(chart, "usage-by-code");
  });

  test("update(counts) counts anew", () => {
    const chart = usageBars(counts);
    chart.update([1, 1, 1, 1]);
    expect(chart.querySelector("svg")!.getAttribute("aria-label")).toMatch(/perplexity 4.0 of 4 .*, 0 never used/);
  });
});

test("perplexity(counts) is K when all are used alike, 1 for one code, 0 for none", () => {
  expect(perplexity([2, 2, 2, 2])).toBeCloseTo(4, 12);
  expect(perplexity([0, 7, 0])).toBe(1);
  expect(perplexity([0, 0])).toBe(0);
});

describe("distributionBars(data, options)", () => {
  const patches = {shape: [4, 1, 1, 3], data: [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]};
  const distribution: Distribution = {
    codes: [2, 0, 3, 1],
    probabilities: [0.4, 0.3, 0.2, 0.06],
    drawn: [0.5, 0.3, 0.15, 0.01],
    chosen: 1,
    entropy: 1.6
  };
  const data = {title: "next code", distribution, patches};

  test("a row a code, with its patch, its probability as drawn from, and the model's own", () => {
    const chart = distributionBars(data);
    const rows = [...chart.querySelectorAll("li")];
    expect(rows.map((row) => row.querySelector(".number")!.textContent)).toEqual(["50 %", "30 %", "15 %", "1.0 %"]);
    expect(rows[0]!.querySelector<HTMLElement>(".track")!.style.getPropertyValue("--model")).toBe("0.4");
    expect(pixelsOf(rows[0]!.querySelector("canvas"))).toEqual([3, 3, 3, 255]);
  });

  test("the code that was drawn is shown though it is not among the first", () => {
    const rows = [...distributionBars(data, {rows: 2}).querySelectorAll("li")];
    expect(rows.map((row) => row.querySelector(".code")!.textContent)).toEqual(["2", "1"]);
    expect(rows.map((row) => row.classList.contains("chosen"))).toEqual([false, true]);
  });

  test("what is not shown is summed", () => {
    expect(distributionBars(data, {rows: 3}).textContent).toContain("all other codes 19 % · entropy 1.6 bits");
    expect(distributionBars(data).textContent).toContain("all other codes 4.0 %");
  });

  test("a chosen code that was not reported is named", () => {
    const chart = distributionBars({...data, distribution: {...distribution, chosen: 77}});
    expect(chart.textContent).toContain("code 77, drawn, is among them");
  });

  test("with onPick each row is a button that gives its code", () => {
    const picked: number[] = [];
    const chart = distributionBars(data, {onPick: (code) => picked.push(code)});
    const buttons = [...chart.querySelectorAll("button")];
    buttons[2]!.click();
    expect(picked).toEqual([3]);
    expect(chart.querySelectorAll("li")[3]!.title).toBe(
      "code 1: 1.0 %, drawn; the model's own probability 6.0 %; click to put it here"
    );
  });

  test("null empties it", () => {
    const chart = distributionBars(data);
    chart.update({...data, distribution: null});
    expect(chart.querySelectorAll("li")).toHaveLength(0);
  });
});

test("heatGrid(values, options) shades and names its range", async () => {
  const chart = heatGrid({shape: [2, 2], data: [0, 1, 2, 4]}, {title: "loss", unit: "nats"});
  await expectSvg(chart, "heat-grid");
  expect(chart.textContent).toContain("0 to 4 nats");
});
