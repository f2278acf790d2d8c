// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {logCurve} from "../../components/charts/logCurve.js";
import {shareBars} from "../../components/charts/shareBars.js";
import {simplex} from "../../components/charts/simplex.js";
import {stackedBars} from "../../components/charts/stackedBars.js";
import {counted, expectSvg, key, placed, pointer} from "./dom.js";

describe("stackedBars(data, options)", () => {
  const rows = [
    {label: "ℓ", values: [1, -2, 0], range: [-4, 4], kind: "means-encoder"},
    {label: "y", values: [0.7, 0.1, 0.2], range: [0, 1], marks: [0.6, 0.2, 0.2]}
  ] as const;

  test("rows of bars, the chosen code outlined, marks where a row has them", async () => {
    const chart = stackedBars({rows, chosen: 0}, {label: "a draw", name: "logit of code"});
    await expectSvg(chart, "stacked-bars");
    expect(chart.querySelectorAll("rect.chosen").length).toBe(2);
    expect(chart.querySelectorAll("path.mark").length).toBe(3);
  });

  test("arrow keys and dragging set the first row, within its range", () => {
    const chart = stackedBars({rows, chosen: 0}, {label: "a draw", name: "logit of code"});
    const inputs = counted(chart);
    const bar = chart.querySelectorAll("[role=slider]")[1]!;
    expect(bar.getAttribute("aria-label")).toBe("logit of code 2");
    key(bar, "ArrowUp");
    expect([...chart.value]).toEqual([1, -1.75, 0]);
    key(bar, "Home");
    expect([...chart.value]).toEqual([1, -4, 0]);
    key(bar, "a");
    placed(chart, 560, 160);
    pointer(chart, "pointerdown", 500, 20);
    expect(chart.value[2]).toBe(4);
    pointer(chart, "pointerup", 500, 20);
    pointer(chart, "pointermove", 500, 60);
    expect(inputs()).toBe(3);
  });
});

test("simplex(data, options): corners are codes alone, the shape says which is largest", async () => {
  const points = [
    [1, 0, 0],
    [0, 1, 0],
    [0.2, 0.2, 0.6]
  ];
  const chart = simplex({points, centre: [1 / 3, 1 / 3, 1 / 3]}, {names: ["a", "b", "c"], label: "draws"});
  await expectSvg(chart, "simplex");
  expect(chart.querySelector("svg")!.getAttribute("aria-label")).toBe(
    "draws: 3 draws, of which nearest to a 1, b 1, c 1"
  );
  chart.update({points: [[0, 0, 1]], centre: [0, 0, 1]});
  expect(chart.querySelectorAll(".dots path").length).toBe(1);
});

describe("logCurve(data, options)", () => {
  const options = {
    title: "error",
    domain: [1 / 16, 8],
    ticks: [
      {value: 1 / 16, label: "1/16"},
      {value: 1, label: "1"}
    ],
    axis: "τ"
  } as const;

  test("series with error bars over a logarithmic axis", async () => {
    const series = [
      {name: "one", xs: [1 / 16, 1, 8], values: [0, 0.5, 1], errors: [0.1, 0.1, 0.1]},
      {name: "two", xs: [1 / 16, 1, 8], values: [1, 1, 1], dashed: true}
    ];
    const chart = logCurve({series, at: 1}, options);
    await expectSvg(chart, "log-curve");
    expect(chart.querySelector("svg")!.getAttribute("aria-label")).toContain("one from 0 at 0.0625 to 1 at 8");
  });

  test("nothing yet, and a logarithmic vertical axis that meets nought", () => {
    const chart = logCurve({series: [{name: "one", xs: [], values: []}]}, {...options, log: true});
    expect(chart.innerHTML).not.toMatch(/NaN|Infinity/);
    chart.update({series: [{name: "one", xs: [0.1, 1], values: [0, 2]}]});
    expect(chart.innerHTML).not.toMatch(/NaN|Infinity/);
  });
});

test("shareBars(data, options): bars beside what they should be", async () => {
  const chart = shareBars(
    {shares: [0.5, 0.3, 0.2], expected: [0.48, 0.32, 0.2], errors: [0.01, 0.01, 0]},
    {label: "shares"}
  );
  await expectSvg(chart, "share-bars");
  expect(chart.querySelector("svg")!.getAttribute("aria-label")).toContain("code 1 50 % against 48 %");
  chart.update({shares: [], expected: [], errors: []});
  expect(chart.innerHTML).not.toMatch(/NaN|Infinity/);
});
