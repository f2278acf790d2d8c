// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {boundBar} from "../../components/charts/boundBar.js";
import {densityPlot} from "../../components/charts/densityPlot.js";
import {ladder} from "../../components/charts/ladder.js";
import {probabilityBars} from "../../components/charts/probabilityBars.js";
import {usageHistory} from "../../components/charts/usageHistory.js";
import {counted, expectSvg, installCanvas, key, pixelsOf, placed, pointer} from "./dom.js";

installCanvas();

describe("boundBar(data, options)", () => {
  test("fills up to the bound, hatches the gap, and marks what may cross the line", async () => {
    await expectSvg(boundBar({bound: 2, gap: 3, limit: 5}, {unit: "nats"}), "bound");
    const node = boundBar({bound: 2, gap: 3, limit: 5, mark: {value: 6, label: "β = 0.5:"}}, {unit: "nats"});
    expect(node.querySelector(".mark")!.classList.contains("over")).toBe(true);
    expect(node.querySelector("svg")!.getAttribute("aria-label")).toBe(
      "ELBO 2 plus gap 3 is ln p(x) 5 nats, β = 0.5: 6"
    );
  });
});

describe("densityPlot(data, options)", () => {
  const x = [0, 1, 2];
  test("draws each density, and fills where it is asked to", async () => {
    const densities = [
      {name: "p", x, y: [0, 1, 0]},
      {name: "q", x, y: [0.5, 0.5, 0.5], dashed: true, filled: (at: number) => at >= 1}
    ];
    await expectSvg(densityPlot({densities, rules: [{x: 1, name: "1"}]}, {title: "z", domain: [0, 2]}), "density");
  });

  test("its handle is dragged in the plot's units", () => {
    const node = densityPlot(
      {densities: [{name: "p", x, y: [0, 1, 0]}], handle: {x: 1, y: 1}},
      {title: "z", domain: [0, 2], height: 230}
    );
    const events = counted(node);
    const handle = node.querySelector<HTMLElement>(".density-handle")!;
    const held = new Set<number>();
    handle.setPointerCapture = (id) => void held.add(id);
    handle.hasPointerCapture = (id) => held.has(id);
    placed(node.querySelector("svg")!, 340, 230);
    pointer(handle, "pointermove", 8, 206);
    expect(events()).toBe(0); // not pressed
    pointer(handle, "pointerdown", 170, 50);
    pointer(handle, "pointermove", 8, 206);
    expect(node.dragged).toEqual({x: 0, y: 0});
    expect(events()).toBe(1);
  });
});

test("probabilityBars() tells which bar was moved and to what", () => {
  const node = probabilityBars({probabilities: [0.25, 0.75], lines: [0.5, 0.5]}, {label: "q"});
  const events = counted(node);
  const [first, second] = node.querySelectorAll("[role=slider]");
  key(first!, "End");
  expect(node.moved).toEqual({code: 0, probability: 1});
  key(second!, "Home");
  expect(node.moved).toEqual({code: 1, probability: 0});
  expect(events()).toBe(2);
  expect(second!.getAttribute("aria-valuetext")).toBe("75 %, posterior 50 %");
});

test("ladder() gives each bar the logarithm's length", () => {
  const rungs = [10, 100, 1].map((value) => ({name: String(value), value, text: `${value} bits`}));
  const node = ladder(rungs, {label: "bits", least: 1});
  const lengths = [...node.querySelectorAll<HTMLElement>(".bar")].map((bar) => bar.style.getPropertyValue("--length"));
  expect(lengths.map(Number)).toEqual([0.5, 1, 0]);
});

test("usageHistory() has a row a code, the most used on top, and a column a look", () => {
  const columns = [
    {step: 1, counts: [4, 0, 0]},
    {step: 20, counts: [1, 2, 1]}
  ];
  const node = usageHistory(columns);
  const canvas = node.querySelector("canvas")!;
  expect([canvas.width, canvas.height]).toEqual([2, 3]);
  const alpha = pixelsOf(canvas).filter((_, i) => i % 4 === 3);
  expect(alpha[0]).toBe(0); // code 1, most used at last, not used at first
  expect(alpha[2]!).toBeGreaterThan(alpha[3]!); // code 0
  expect(canvas.getAttribute("aria-label")).toContain("1.0 at step 1");
});
