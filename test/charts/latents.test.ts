// @vitest-environment jsdom
import {beforeAll, describe, expect, test} from "vitest";
import {estimates, spreadOf} from "../../components/charts/estimates.js";
import {latentBars} from "../../components/charts/latentBars.js";
import {latentPlane} from "../../components/charts/latentPlane.js";
import {lines, valueAt} from "../../components/charts/lines.js";
import {sampleLine} from "../../components/charts/sampleLine.js";
import {counted, expectSvg, installCanvas, key, pixelsOf, placed, pointer} from "./dom.js";

beforeAll(installCanvas);

const plane = {
  places: {shape: [3, 2], data: [-1, 0.5, 2, 1, 0, -2]},
  sigma: {shape: [3, 2], data: [0.2, 0.1, 0.5, 0.5, 1, 0.3]},
  groups: [
    {name: "red", colour: "#e53935"},
    {name: "blue", colour: "#3366e0"}
  ],
  groupOf: [0, 1, 0],
  marked: [[1, 1]] as const
};

describe("latentPlane(data, options)", () => {
  test("marks, ellipses, rings, and a numbered place", async () => {
    await expectSvg(latentPlane(plane, {label: "Plane", reach: 3, rings: true}), "latentPlane");
  });

  test("groups differ in their marks, not in colour alone, and the key names them", () => {
    const node = latentPlane(plane, {label: "Plane"});
    const shapes = [...node.querySelectorAll(".points path")].map((path) => path.getAttribute("d"));
    expect(shapes[0]).toBe(shapes[2]);
    expect(shapes[0]).not.toBe(shapes[1]);
    expect([...node.querySelectorAll(".plane-key li")].map((li) => li.textContent)).toEqual(["red", "blue"]);
  });

  test("pointing and arrow keys try a place within the frame", () => {
    const node = latentPlane({...plane, places: {shape: [1, 2], data: [0, 0]}}, {label: "Plane", reach: 1});
    const events = counted(node);
    const field = node.querySelector<HTMLElement>(".plane-field")!;
    placed(field, 100, 100);
    pointer(field, "pointermove", 50, 50);
    expect(node.value![0]).toBeCloseTo(0);
    expect(node.value![1]).toBeCloseTo(0);
    pointer(field, "pointermove", 100, 0);
    expect(node.value![0]).toBeCloseTo(1.08);
    expect(node.value![1]).toBeCloseTo(1.08);
    key(node.querySelector("svg")!, "ArrowUp");
    expect(node.value![1]).toBeCloseTo(1.08); // the frame's end
    key(node.querySelector("svg")!, "ArrowLeft");
    expect(node.value![0]).toBeLessThan(1.08);
    expect(events()).toBe(4);
    expect(node.querySelector("svg")!.getAttribute("aria-label")).toContain("Trying");
  });

  test("the decoder's pictures lie in the cells that they were made for", () => {
    const node = latentPlane({...plane, places: {shape: [1, 2], data: [0, 0]}}, {label: "Plane", reach: 1});
    const cells = node.cells(2);
    expect(cells[0]![0]).toBeLessThan(0); // top left first
    expect(cells[0]![1]).toBeGreaterThan(0);
    expect(cells[3]![0]).toBeGreaterThan(0);
    expect(cells[3]![1]).toBeLessThan(0);
    const pictures = {shape: [4, 1, 1, 3], data: [9, 0, 0, 8, 0, 0, 7, 0, 0, 6, 0, 0]};
    node.update({...plane, pictures});
    const red = pixelsOf(node.querySelector("canvas")).filter((_, i) => i % 4 === 0);
    expect(red).toEqual([9, 8, 7, 6]);
  });
});

describe("lines(data, options)", () => {
  test("two lines and the present place", async () => {
    const x = [1, 2, 4, 8];
    const data = {
      lines: [
        {name: "pixels", x, y: [0, 3, 2, 1], dashed: true},
        {name: "codes", x, y: [1, 1, 2, 2]}
      ],
      at: 4
    };
    const node = lines(data, {title: "error", across: "width"});
    await expectSvg(node, "lines");
    expect(node.querySelector("svg")!.getAttribute("aria-label")).toBe("error at 4: pixels 2, codes 2");
  });

  test("valueAt takes the nearest x", () => {
    expect(valueAt({x: [0, 1, 2], y: [5, 6, 7]}, 1.4)).toBe(6);
    expect(valueAt({x: [], y: []}, 1)).toBeNaN();
  });
});

test("latentBars(data) puts the largest first and names the collapsed", () => {
  const node = latentBars({kl: [0.001, 2, 0.5], scale: 1 / Math.LN2, unit: "bits"});
  expect(node.querySelector(".chart-title")!.textContent).toBe("2 of 3 latents say anything");
  const rows = [...node.querySelectorAll("li")].map((li) => li.textContent);
  expect(rows).toEqual(["z₂2.89 bits", "z₃0.721 bits", "z₁collapsed"]);
});

describe("sampleLine(data, options)", () => {
  const at = (value: number) => 14 + ((value + 4) / 8) * (640 - 28);
  function dragged(from: number, down: number, to: number) {
    const chart = sampleLine({mu: 1, sigma: 0.5, epsilon: -2}, {label: "sum", reach: 4});
    placed(chart.querySelector("svg")!, 640, 116);
    const inputs = counted(chart);
    chart.dispatchEvent(new MouseEvent("pointerdown", {clientX: at(from), clientY: down}));
    chart.dispatchEvent(new MouseEvent("pointermove", {clientX: at(to), clientY: down}));
    chart.dispatchEvent(new MouseEvent("pointerup"));
    chart.dispatchEvent(new MouseEvent("pointermove", {clientX: at(0), clientY: down})); // let go: nothing moves
    expect(inputs()).toBe(2);
    return chart.value;
  }

  test("the dot moves μ, an end of the bar σ, the draw above the line ε", () => {
    const mu = dragged(1, 66, -2);
    expect(mu.mu).toBeCloseTo(-2, 6);
    expect(mu.sigma).toBe(0.5);
    const sigma = dragged(1.5, 66, 3);
    expect(sigma.sigma).toBeCloseTo(2, 6);
    expect(sigma.mu).toBe(1);
    const epsilon = dragged(0, 30, 2);
    expect(epsilon.epsilon).toBeCloseTo(2, 6);
    expect(epsilon.sigma).toBe(0.5);
  });

  test("says its numbers, and follows new ones", () => {
    const chart = sampleLine({mu: 1, sigma: 0.5, epsilon: -2}, {label: "sum", reach: 4});
    const said = () => chart.querySelector("svg")!.getAttribute("aria-label");
    expect(said()).toBe("sum: μ = 1, σ = 0.5, ε = −2, z₁ = 0");
    chart.update({mu: 2, sigma: 0.5, epsilon: 1});
    expect(said()).toBe("sum: μ = 2, σ = 0.5, ε = 1, z₁ = 2.5");
  });
});

test("estimates(data) draws each method's mean and spread", async () => {
  const data = [
    {name: "narrow", values: [1, 2, 3]},
    {name: "wide", values: [-90, 2, 94]}
  ];
  const node = estimates(data, {title: "gradient"});
  await expectSvg(node, "estimates");
  expect(spreadOf([1, 2, 3])).toEqual({mean: 2, deviation: Math.sqrt(2 / 3)});
});
