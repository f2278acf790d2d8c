// The bar that every training figure has: Train / Pause, Step, Reset, seed, and how far it is.

import {element, extend} from "../dom.js";
import {formatCount, formatDuration, formatNumber} from "../format.js";
import {button} from "./button.js";
import {seedField} from "./seedField.js";

export interface ControlBarState {
  readonly state: "idle" | "training" | "paused" | "waiting" | "finished" | "failed";
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | null;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number | null;
}

export interface ControlBarOptions {
  readonly label: string;
  readonly seed: number;
  readonly onTrain: () => void;
  readonly onPause: () => void;
  readonly onStep: () => void;
  /** Back to step 0 with the seed that the field shows. */
  readonly onReset: (seed: number) => void;
}

export interface ControlBar extends HTMLElement {
  update(state: ControlBarState): void;
  seed: number;
}

export function controlBar(options: ControlBarOptions): ControlBar {
  const {label, onTrain, onPause, onStep, onReset} = options;
  const train = button("Train", {kind: "primary"});
  const step = button("Step", {hint: "One update"});
  const reset = button("Reset", {hint: "Back to random weights from this seed"});
  const seed = seedField(options.seed);
  const progress = element("progress", {class: "progress", max: 1, value: 0, "aria-label": `${label}: progress`});
  const steps = readout("steps");
  const loss = readout("loss");
  const rate = readout("steps/s");
  const left = readout("left");
  const node = element(
    "div",
    {class: "control-bar", role: "group", "aria-label": label},
    train,
    step,
    reset,
    seed,
    progress,
    steps.node,
    loss.node,
    rate.node,
    left.node
  );
  let current: ControlBarState["state"] = "idle";
  const running = () => current === "training" || current === "waiting";
  train.addEventListener("click", () => (running() ? onPause() : onTrain()));
  step.addEventListener("click", onStep);
  reset.addEventListener("click", () => onReset(seed.value));
  seed.addEventListener("input", () => onReset(seed.value));

  return extend(node, {
    update(next: ControlBarState) {
      current = next.state;
      train.textContent = running() ? "Pause" : next.state === "finished" ? "Train on" : "Train";
      progress.value = next.totalSteps > 0 ? Math.min(1, next.step / next.totalSteps) : 0;
      steps.set(next.totalSteps > 0 ? `${formatCount(next.step)} / ${formatCount(next.totalSteps)}` : "–");
      loss.set(next.loss === null ? "–" : formatNumber(next.loss));
      rate.set(next.state === "training" && next.stepsPerSecond > 0 ? formatNumber(next.stepsPerSecond) : "–");
      left.set(next.state === "training" && next.secondsLeft !== null ? formatDuration(next.secondsLeft) : "–");
    },
    get seed() {
      return seed.value;
    },
    set seed(value: number) {
      seed.value = value;
    }
  });
}

function readout(unit: string): {node: HTMLElement; set(text: string): void} {
  const value = element("b", {}, "–");
  return {
    node: element("span", {class: "readout"}, value, ` ${unit}`),
    set(text) {
      if (value.textContent !== text) value.textContent = text;
    }
  };
}
