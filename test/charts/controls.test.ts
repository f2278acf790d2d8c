// @vitest-environment jsdom
import {describe, expect, test} from "vitest";
import {controlBar} from "../../components/charts/controls/controlBar.js";
import {seedField} from "../../components/charts/controls/seedField.js";
import {select} from "../../components/charts/controls/select.js";
import {slider} from "../../components/charts/controls/slider.js";
import {counted} from "./dom.js";

function move(control: Element, position: string): void {
  const input = control.querySelector("input")!;
  input.value = position;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}

describe("slider(options)", () => {
  const tau = () =>
    slider({symbol: "τ", label: "temperature", min: 1 / 16, max: 4, value: 1, scale: "log", ticks: [1 / 16, 1]});

  test("on a log scale the middle is the geometric mean", () => {
    const control = tau();
    move(control, "500");
    expect(control.value).toBeCloseTo(0.5, 3);
  });

  test("ticks attract", () => {
    const control = tau();
    const near = Math.round((Math.log(16) / Math.log(64)) * 1000) + 8;
    move(control, String(near));
    expect(control.value).toBe(1);
  });

  test("a whole linear slider moves by its step", () => {
    const control = slider({label: "candidates", min: 1, max: 8, step: 1, value: 4});
    const input = control.querySelector("input")!;
    expect([input.min, input.max, input.step, input.value]).toEqual(["1", "8", "1", "4"]);
    move(control, "6");
    expect(control.value).toBe(6);
  });

  test("setting the value shows it and emits nothing; the reader's move emits one input", () => {
    const control = tau();
    const events = counted(control);
    control.value = 2;
    expect(control.querySelector("output")!.textContent).toBe("2");
    expect(events()).toBe(0);
    move(control, "0");
    expect(events()).toBe(1);
  });

  test("has a name and a spoken value", () => {
    const input = tau().querySelector("input")!;
    expect(input.getAttribute("aria-valuetext")).toBe("τ = 1");
    expect(tau().querySelector("label")!.textContent).toBe("τ temperature");
  });

  test("refuses limits that are none", () => {
    expect(() => slider({label: "a", min: 1, max: 1, value: 1})).toThrow("slider: expected max > min");
    expect(() => slider({label: "a", min: 0, max: 1, value: 1, scale: "log"})).toThrow(
      "expected min > 0 on a log scale"
    );
  });
});

describe("select(options)", () => {
  const make = () =>
    select<string>({label: "model", value: "s", choices: ["s", "xs"].map((value) => ({value, label: value}))});

  test("has the chosen value", () => {
    const control = make();
    expect(control.value).toBe("s");
    control.value = "xs";
    expect(control.querySelector("select")!.value).toBe("xs");
  });

  test("setChoices(choices) keeps a value that is still there", () => {
    const control = make();
    control.value = "xs";
    control.setChoices([
      {value: "a", label: "a"},
      {value: "xs", label: "xs"}
    ]);
    expect(control.value).toBe("xs");
    control.setChoices([{value: "a", label: "a"}]);
    expect(control.value).toBe("a");
  });
});

describe("seedField(value)", () => {
  test("the button takes the next seed", () => {
    const control = seedField(7);
    const events = counted(control);
    control.querySelector("button")!.click();
    expect(control.value).toBe(8);
    expect(events()).toBe(1);
  });

  test("what is no seed changes nothing", () => {
    const control = seedField(7);
    const events = counted(control);
    for (const typed of ["-1", "1.5", "", "4294967296"]) move(control, typed);
    expect(control.value).toBe(7);
    expect(events()).toBe(0);
    move(control, "4294967295");
    expect(control.value).toBe(4294967295);
  });
});

describe("controlBar(options)", () => {
  const idle = {state: "idle", step: 0, totalSteps: 100, loss: null, stepsPerSecond: 0, secondsLeft: null} as const;
  function make() {
    const calls: string[] = [];
    const bar = controlBar({
      label: "Training",
      seed: 3,
      onTrain: () => calls.push("train"),
      onPause: () => calls.push("pause"),
      onStep: () => calls.push("step"),
      onReset: (seed) => calls.push(`reset ${seed}`)
    });
    const press = (text: string) => [...bar.querySelectorAll("button")].find((b) => b.textContent === text)!.click();
    return {bar, calls, press};
  }

  test("Train becomes Pause while it trains, or waits to", () => {
    const {bar, calls, press} = make();
    press("Train");
    bar.update({...idle, state: "training"});
    press("Pause");
    bar.update({...idle, state: "waiting"});
    press("Pause");
    bar.update({...idle, state: "finished"});
    press("Train on");
    expect(calls).toEqual(["train", "pause", "pause", "train"]);
  });

  test("Reset and a new seed go back to step 0", () => {
    const {bar, calls, press} = make();
    press("Reset");
    press("+1");
    press("Step");
    expect(calls).toEqual(["reset 3", "reset 4", "step"]);
    expect(bar.seed).toBe(4);
  });

  test("shows how far it is and how long it will take", () => {
    const {bar} = make();
    bar.update({state: "training", step: 1200, totalSteps: 3000, loss: 0.0123, stepsPerSecond: 12.5, secondsLeft: 144});
    const text = [...bar.querySelectorAll(".readout")].map((readout) => readout.textContent);
    expect(text).toEqual(["1,200 / 3,000 steps", "0.0123 loss", "12.5 steps/s", "2 min 24 s left"]);
    expect(bar.querySelector("progress")!.value).toBeCloseTo(0.4, 6);
  });
});
