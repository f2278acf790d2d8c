// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {scheduleCurve} from "../../components/charts/scheduleCurve.js";
import {counted, expectSvg, key, placed, pointer} from "./dom.js";

const data = {schedule: [1, 0.75, 0.5, 0.25, 0.125], step: 50, totalSteps: 100};
const options = {symbol: "τ", label: "relaxation", min: 1 / 16, max: 1, scale: "log"} as const;

describe("scheduleCurve(data, options)", () => {
  test("the schedule, behind and ahead of the present step", async () => {
    await expectSvg(scheduleCurve(data, options), "schedule");
  });

  test("the point is a slider that says its value", () => {
    const point = scheduleCurve(data, options).querySelector("circle")!;
    expect(point.getAttribute("role")).toBe("slider");
    expect(point.getAttribute("aria-valuetext")).toBe("0.5, as scheduled");
  });

  test("arrow keys hold a value, Escape gives it back to the schedule", () => {
    const chart = scheduleCurve(data, options);
    const events = counted(chart);
    const point = chart.querySelector("circle")!;
    expect(chart.value).toBeNull();
    key(point, "ArrowUp");
    expect(chart.value).toBeGreaterThan(0.5);
    expect(point.getAttribute("aria-valuetext")).toMatch(/held$/);
    key(point, "Home");
    expect(chart.value).toBeCloseTo(1 / 16, 3);
    key(point, "Escape");
    expect(chart.value).toBeNull();
    expect(events()).toBe(3);
  });

  test("dragging holds the value under the pointer, within the limits", () => {
    const chart = scheduleCurve(data, options);
    const point = chart.querySelector("circle")! as SVGCircleElement;
    placed(chart.querySelector("svg")!, 220, 84);
    const held = new Set<number>();
    point.setPointerCapture = (id) => void held.add(id);
    point.hasPointerCapture = (id) => held.has(id);
    pointer(point, "pointermove", 0, 0);
    expect(chart.value).toBeNull(); // not pressed
    pointer(point, "pointerdown", 0, 0);
    pointer(point, "pointermove", 0, 42);
    expect(chart.value).toBeCloseTo(0.25, 2); // half way between 1/16 and 1 on a log scale
    pointer(point, "pointermove", 0, -500);
    expect(chart.value).toBe(1);
  });

  test("a held value stays as steps go by; the button gives it back", () => {
    const chart = scheduleCurve(data, options);
    chart.value = 0.25;
    chart.update({...data, step: 100});
    expect(chart.querySelector("output")!.textContent).toBe("0.25");
    const back = chart.querySelector("button")!;
    expect(back.hidden).toBe(false);
    back.click();
    expect(chart.value).toBeNull();
    expect(chart.querySelector("output")!.textContent).toBe("0.125");
  });
});
