// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {gradientPaths} from "../../components/charts/gradientPaths.js";
import {voronoi} from "../../components/charts/voronoi.js";
import {counted, expectSvg, key, placed} from "./dom.js";

const data = {
  codebook: {shape: [3, 2], data: [0, 0, 1, 0, 5, 5]},
  patches: {shape: [3, 1, 1, 3], data: [255, 0, 0, 0, 255, 0, 0, 0, 255]},
  outputs: {shape: [3, 2], data: [0.1, 0, 0, 0.1, 0.9, 0.2]},
  codes: {shape: [3], data: [0, 0, 1]},
  colours: {shape: [3, 3], data: [250, 0, 0, 240, 10, 0, 0, 250, 0]}
};

describe("voronoi(data, options)", () => {
  test("cells, outputs, codes in use and dead ones", async () => {
    const chart = voronoi(data, {label: "codes", height: 200});
    await expectSvg(chart, "voronoi");
    expect(chart.querySelectorAll(".codes .used").length).toBe(2);
    expect(chart.querySelectorAll(".codes .dead").length).toBe(1);
    expect(chart.querySelector("svg")!.getAttribute("aria-label")).toContain("3 codes, 2 of them chosen");
  });

  test("arrow keys and clicks try a place of the plane", () => {
    const chart = voronoi(data, {label: "codes", height: 200});
    placed(chart, 420, 200);
    const inputs = counted(chart);
    expect(chart.value).toBeNull();
    key(chart.querySelector("svg")!, "ArrowRight");
    expect(chart.value![0]).toBeGreaterThan(0);
    expect(chart.value![1]).toBe(0);
    chart.dispatchEvent(new MouseEvent("click", {clientX: 210, clientY: 100}));
    expect(chart.value![0]).toBeCloseTo(2.5, 5); // the middle of the frame
    expect(inputs()).toBe(2);
  });

  test("update(null) leaves the last picture; nothing can be tried before the first", () => {
    const chart = voronoi(null, {label: "codes"});
    key(chart.querySelector("svg")!, "ArrowUp");
    expect(chart.value).toBeNull();
  });
});

describe("gradientPaths(data)", () => {
  test("a norm of nought is a path that is cut", async () => {
    const chart = gradientPaths({term: "1 reconstruction", at: "image", norms: [0.05, 0, 0.04]});
    const svg = chart.querySelector("svg")!;
    expect([...svg.querySelectorAll(".back")].filter((path) => path.classList.contains("cut")).length).toBe(1);
    expect(svg.querySelectorAll(".box.moved").length).toBe(2);
    expect(svg.getAttribute("aria-label")).toContain("0 in the codebook");
    // The marker's id counts up over the page; the picture is the rest.
    svg.innerHTML = svg.innerHTML.replace(/arrow-\d+/g, "arrow");
    await expectSvg(chart, "gradient-paths");
  });

  test("update(data) draws another term", () => {
    const chart = gradientPaths({term: "1 reconstruction", at: "image", norms: [1, 1, 1]});
    chart.update({term: "3 commitment", at: "codes", norms: [2, 0, 0]});
    expect(chart.querySelectorAll(".back.cut").length).toBe(2);
    expect(chart.querySelectorAll(".box.moved").length).toBe(1);
  });
});
