// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {intervalRows} from "../../components/charts/intervalRows.js";
import {lines} from "../../components/charts/lines.js";
import {expectSvg} from "./dom.js";

const share = {percent: 72.2, low: 68.1, high: 76};

describe("intervalRows(rows, options)", () => {
  const rows = [
    {
      label: "two objects",
      marks: [
        {name: "stored", share, kind: "means-prior"},
        {name: "you", share: {percent: 50, low: 9, high: 91}, note: "1 of 2, 50 %", own: true, kind: "means-prior"}
      ]
    },
    {label: "three objects", marks: [{name: "stored", share: null}]}
  ];

  test("a row for each, its marks below each other, told apart by form and name", async () => {
    const chart = intervalRows(rows, {title: "right"});
    await expectSvg(chart, "interval-rows");
    expect(chart.querySelectorAll(".spot").length).toBe(2);
    expect(chart.querySelectorAll(".spot.own").length).toBe(1);
  });

  test("says all of it in words", () => {
    const chart = intervalRows(rows, {title: "right"});
    expect(chart.querySelector("svg")!.getAttribute("aria-label")).toBe(
      "right. two objects: stored 72 % (68–76), you 1 of 2, 50 %; three objects: stored –"
    );
    chart.update([]);
    expect(chart.querySelectorAll(".mark").length).toBe(0);
  });
});

describe("lines with points", () => {
  const chart = () =>
    lines(
      {
        lines: [
          {
            name: "mean",
            x: [0, 1, 2],
            y: [1, 2, 3],
            points: [
              [0, 0.5],
              [0, 1.5],
              [2, 3.5]
            ]
          }
        ]
      },
      {title: "a mean", across: "x"}
    );

  test("single measurements are dotted beside the line, and are within the chart", async () => {
    await expectSvg(chart(), "lines-points");
    expect(chart().querySelector(".points path")!.getAttribute("d")!.match(/M/g)!.length).toBe(3);
  });

  test("without any there is no path", () => {
    const plain = lines({lines: [{name: "a", x: [0, 1], y: [1, 2]}]}, {title: "a", across: "x"});
    expect(plain.querySelectorAll(".points path").length).toBe(0);
  });
});
