// @vitest-environment jsdom
import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {trainPipeline, type WeightsEvent} from "../../components/figures/trainPipeline.js";
import {type FakeEngine, fakeEngine} from "./fakeEngine.js";
import {installBrowser, press, scroll, until} from "./setUp.js";

beforeAll(installBrowser);
afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
});

const captions = ["a red circle", "a blue star"];
function open(engine: FakeEngine = fakeEngine({stepTime: 0, steps: 200})): HTMLElement {
  const figure = trainPipeline(engine, "xs", {captions});
  document.body.append(figure);
  return figure;
}
const stages = (figure: Element) => [...figure.querySelectorAll(".stage-of-training")] as [Element, Element];
const message = (figure: Element) => figure.querySelector(":scope > .message")!.textContent!;
const steps = (stage: Element) => stage.querySelector(".readout b")!.textContent!;

describe("trainPipeline(engine, size, options)", () => {
  test("Train both trains stage 1 to its end and then stage 2", async () => {
    const engine = fakeEngine({stepTime: 0, steps: 200});
    const figure = open(engine);
    press(figure, "Train both");
    await until(() => message(figure).startsWith("Both stages are trained"), "both stages to be trained");
    expect(engine.calls.filter((call) => call.startsWith("openSession"))).toEqual([
      "openSession dvae xs 1",
      "openSession prior xs 1"
    ]);
    const [first, second] = stages(figure);
    await until(() => steps(second) === "100 / 100", "the last step to be shown");
    expect(steps(first)).toBe("200 / 200");
    expect(first.querySelectorAll(".pixel-image:not(.empty)")).toHaveLength(18);
    expect(second.querySelectorAll(".pixel-image:not(.empty)")).toHaveLength(2);
  });

  test("Pause stops, Step makes one update, Reset goes back to step 0", async () => {
    const engine = fakeEngine({stepTime: 5});
    const figure = open(engine);
    const [first] = stages(figure);
    press(first, "Train");
    await until(() => Number.parseInt(steps(first), 10) >= 5, "some steps");
    press(first, "Pause");
    await until(() => engine.calls.includes("pause 1"), "the pause");
    await until(() => first.querySelector(".button.primary")!.textContent === "Train", "the button to say Train");
    const at = Number.parseInt(steps(first), 10);
    press(first, "Step");
    await until(() => Number.parseInt(steps(first), 10) > at, "one more step");
    press(first, "Reset");
    await until(() => steps(first).startsWith("0 /"), "step 0");
    expect(engine.calls).toContain("reset 1 1 {}");
  });

  test("a new seed resets to that seed", async () => {
    const engine = fakeEngine();
    const figure = open(engine);
    const [first] = stages(figure);
    press(first, "Step");
    await until(() => steps(first).startsWith("1 /"), "a step");
    press(first, "+1");
    await until(() => engine.calls.includes("reset 1 2 {}"), "the reset");
  });

  test("the paper's choices reset the run to them, and stay through the next reset", async () => {
    const engine = fakeEngine();
    const figure = open(engine);
    const [first] = stages(figure);
    press(first, "Step");
    await until(() => steps(first).startsWith("1 /"), "a step");
    const choices = first.querySelector<HTMLSelectElement>(".select select")!;
    choices.value = "paper";
    choices.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => engine.calls.includes('reset 1 1 {"choices":"paper"}'), "the reset");
    press(first, "+1");
    await until(() => engine.calls.includes('reset 1 2 {"choices":"paper"}'), "the next reset");
    expect(choices.value).toBe("paper");
  });

  test("a stored run of the paper's choices says so", async () => {
    const engine = fakeEngine();
    engine.storedRuns = async () => [
      {
        ...{name: "pipeline-xs-dvae", model: "dvae", size: "xs", seed: 4, step: 120, savedAt: "", bytes: 1},
        config: {choices: "paper"}
      }
    ];
    engine.resume = async (id) => {
      for (let i = 0; i < 120; ++i) await engine.step(id);
      return 120;
    };
    const figure = open(engine);
    await until(() => message(figure).includes("earlier visit"), "the message");
    await until(
      () => stages(figure)[0].querySelector<HTMLSelectElement>(".select select")!.value === "paper",
      "choices"
    );
  });

  test("a schedule's point acts while it trains, and Reset gives it back", async () => {
    const engine = fakeEngine({stepTime: 5});
    const figure = open(engine);
    const [first] = stages(figure);
    press(first, "Train");
    await until(() => Number.parseInt(steps(first), 10) > 0, "a step");
    const tau = first.querySelector("circle")!;
    tau.dispatchEvent(new KeyboardEvent("keydown", {key: "Home", bubbles: true}));
    await until(() => engine.calls.some((call) => call === 'setHyper {"tau":0.0625}'), "τ to be set");
    press(first, "back to schedule");
    await until(() => engine.calls.some((call) => call === 'setHyper {"tau":null}'), "τ to be given back");
    press(first, "Pause");
  });

  test("samples are drawn at the temperature that is set while it trains", async () => {
    const engine = fakeEngine({stepTime: 0, steps: 200});
    const figure = open(engine);
    press(figure, "Train both");
    await until(() => message(figure).startsWith("Both stages are trained"), "both stages to be trained");
    const slider = stages(figure)[1].querySelector<HTMLInputElement>("input[type=range]")!;
    slider.value = "2";
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => engine.calls.some((call) => /^watch 2 samples .*"temperature":2}/.test(call)), "the temperature");
  });

  test("stage 2 asks for stage 1 first", async () => {
    const engine = fakeEngine();
    const figure = open(engine);
    press(stages(figure)[1], "Train");
    await until(() => message(figure).includes("train that first"), "the reason");
    expect(engine.calls.filter((call) => call.startsWith("openSession"))).toEqual([]);
  });

  test("off screen it rests, and goes on when it is seen again", async () => {
    const engine = fakeEngine({stepTime: 2});
    const figure = open(engine);
    const [first] = stages(figure);
    press(first, "Train");
    await until(() => engine.calls.includes("train 1"), "training");
    scroll(false);
    await until(() => engine.calls.includes("pause 1"), "the rest");
    expect(first.querySelector(".button.primary")!.textContent).toBe("Pause"); // what the reader asked for
    scroll(true);
    await until(() => engine.calls.filter((call) => call === "train 1").length === 2, "training again");
    press(first, "Pause");
  });

  test("the weights are handed over when both stages have some", async () => {
    const figure = open();
    press(figure, "Use these weights above");
    expect(message(figure)).toMatch(/no weights of both stages/);
    press(figure, "Train both");
    await until(() => message(figure).startsWith("Both stages"), "both stages");
    const got = new Promise<WeightsEvent>((resolve) =>
      document.addEventListener("weights", (event) => resolve(event as WeightsEvent), {once: true})
    );
    press(figure, "Use these weights above");
    expect((await got).detail).toEqual({
      size: "xs",
      dvae: {from: "session", id: 1},
      prior: {from: "session", id: 2}
    });
  });

  test("Reset of stage 1 ends stage 2, whose codes are gone", async () => {
    const engine = fakeEngine({stepTime: 0, steps: 200});
    const figure = open(engine);
    press(figure, "Train both");
    await until(() => message(figure).startsWith("Both stages"), "both stages");
    const [first, second] = stages(figure);
    press(first, "Reset");
    await until(() => message(figure).includes("so stage 2 does too"), "the word");
    await until(() => steps(second) === "–", "stage 2 to be empty");
  });

  test("a bad file is told, by name, and nothing changes", async () => {
    const figure = open();
    const input = figure.querySelector<HTMLInputElement>("input[type=file]")!;
    const file = {name: "notes.txt", arrayBuffer: async () => new ArrayBuffer(3)};
    Object.defineProperty(input, "files", {value: [file]});
    input.dispatchEvent(new Event("change"));
    await until(() => message(figure).includes("notes.txt"), "the message");
    expect(message(figure)).toBe("notes.txt: The file is too short to be a checkpoint. Nothing was changed.");
  });

  test("a run of an earlier visit is taken up", async () => {
    const engine = fakeEngine();
    engine.storedRuns = async () => [
      {name: "pipeline-xs-dvae", model: "dvae", size: "xs", seed: 4, step: 120, config: {}, savedAt: "", bytes: 1}
    ];
    engine.resume = async () => 120;
    const figure = open(engine);
    await until(() => message(figure).includes("at step 120 of stage 1"), "the word");
    expect(engine.calls).toContain("openSession dvae xs 4");
  });

  test("the curves of a run are there again after a reload", async () => {
    localStorage.clear();
    const engine = fakeEngine({stepTime: 0, steps: 100});
    const first = open(engine);
    press(stages(first)[0], "Train");
    await until(() => steps(stages(first)[0]) === "100 / 100", "stage 1");
    first.remove();
    const later = fakeEngine();
    later.storedRuns = async () => [
      {name: "pipeline-xs-dvae", model: "dvae", size: "xs", seed: 1, step: 60, config: {}, savedAt: "", bytes: 1}
    ];
    later.resume = async () => 60;
    const second = open(later);
    const curve = () => stages(second)[0].querySelector(".curve .x:last-of-type")!.textContent;
    await until(() => curve() === "60 steps", "the curve up to step 60");
    localStorage.clear();
  });

  test("figures above are fed with the weights", async () => {
    const got: unknown[] = [];
    const figure = trainPipeline(fakeEngine({stepTime: 0, steps: 20}), "xs", {
      captions,
      feeds: [{useWeights: (weights) => got.push(weights)}]
    });
    document.body.append(figure);
    press(figure, "Train both");
    await until(() => message(figure).startsWith("Both stages"), "both stages");
    press(figure, "Use these weights above");
    expect(got).toHaveLength(1);
  });

  test("an engine that cannot open a session says so", async () => {
    const engine = fakeEngine();
    engine.openSession = () => Promise.reject(new Error("No backend could be started"));
    const figure = open(engine);
    press(figure, "Train both");
    await until(() => message(figure) === "No backend could be started", "the reason");
    expect(stages(figure)[0].querySelector(".button.primary")!.textContent).toBe("Train");
  });
});
