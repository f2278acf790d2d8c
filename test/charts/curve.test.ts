// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {curve} from "../../components/charts/curve.js";
import {expectSvg, pointer} from "./dom.js";

const steps = [1, 10, 20, 40];
const hard = {name: "hard", steps, values: [0.1, 0.05, 0.02, 0.01], kind: "means-codes"};
const soft = {name: "soft", steps, values: [0.08, 0.03, 0.015, 0.009], dashed: true};

describe("curve(series, options)", () => {
  test("two series on a logarithmic axis", async () => {
    await expectSvg(curve([hard, soft], {title: "squared error", log: true, totalSteps: 100}), "curve-log");
  });

  test("one series on a linear axis that starts at zero", async () => {
    await expectSvg(curve([hard], {title: "loss", height: 120}), "curve-linear");
  });

  test("without steps there is an empty frame, and it is said", async () => {
    const chart = curve([], {title: "loss"});
    await expectSvg(chart, "curve-empty");
    expect(chart.querySelector("svg")!.getAttribute("aria-label")).toBe("loss: no steps yet");
  });

  test("hard and soft are told apart without colour: by dashes and by name", () => {
    const chart = curve([hard, soft], {title: "error"});
    const dashes = [...chart.querySelectorAll(".series path")].map((path) => path.getAttribute("stroke-dasharray"));
    expect(dashes).toEqual([null, "5 4"]);
    expect([...chart.querySelectorAll(".labels .name")].map((name) => name.textContent)).toEqual(["hard", "soft"]);
  });

  test("labels that would overlap are moved apart", () => {
    const close = {...soft, values: [0.08, 0.03, 0.015, 0.0101]};
    const chart = curve([hard, close], {title: "error"});
    const [a, b] = [...chart.querySelectorAll(".labels text")].map((text) => Number(text.getAttribute("y")));
    expect(Math.abs(a! - b!)).toBeGreaterThanOrEqual(16.9);
  });

  test("long series are thinned to what can be seen, ends included", () => {
    const long = Array.from({length: 5000}, (_, i) => i);
    const chart = curve([{name: "loss", steps: long, values: long}], {title: "loss"});
    const points = chart.querySelector(".series path")!.getAttribute("d")!.split(/[ML]/).length - 1;
    expect(points).toBe(300);
    expect(chart.querySelector(".labels .value")!.textContent).toBe("4,999");
  });

  test("a value that is not finite leaves a gap, and zero on a log axis stays on it", () => {
    const broken = {name: "loss", steps, values: [1, Number.NaN, 0, 0.1]};
    const d = curve([broken], {title: "loss", log: true}).querySelector(".series path")!.getAttribute("d")!;
    expect(d).not.toMatch(/NaN|Infinity/);
    expect(d.match(/M/g)).toHaveLength(2);
  });

  test("pointing gives the values at that step, leaving gives the last", () => {
    const chart = curve([hard], {title: "loss"});
    const value = () => chart.querySelector(".labels .value")!.textContent;
    expect(value()).toBe("0.01");
    pointer(chart, "pointermove", 46, 100); // the left end of the axis
    expect(value()).toBe("0.1");
    expect(chart.querySelector(".when")!.textContent).toBe("step 1");
    pointer(chart, "pointerleave", 0, 0);
    expect(value()).toBe("0.01");
  });

  test("update(series) replaces in place", () => {
    const chart = curve([hard, soft], {title: "loss"});
    const before = chart.querySelector(".series path");
    chart.update([hard]);
    expect(chart.querySelectorAll(".series path")).toHaveLength(1);
    expect(chart.querySelector(".series path")).toBe(before);
  });
});
