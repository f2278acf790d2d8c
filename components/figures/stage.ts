// What the two stages of training have in common on the page: a title, a control bar, a body that is drawn each frame.

import {type ControlBar, controlBar} from "../charts/controls/controlBar.js";
import {element} from "../charts/dom.js";
import {type ScheduleCurve, type ScheduleOptions, scheduleCurve} from "../charts/scheduleCurve.js";
import {type ConfigControl, choicesSelect, sameConfig} from "./choices.js";
import type {FigureEngine} from "./engine.js";
import {heldKnobs} from "./heldKnobs.js";
import {redrawer} from "./redraw.js";
import {type TrainingRun, type TrainingRunOptions, trainingRun} from "./trainingRun.js";

/** A hyper-parameter with its schedule: `name` is the engine's. */
export interface Knob extends ScheduleOptions {
  readonly name: string;
}

export interface StageOptions {
  readonly title: Node;
  readonly label: string;
  readonly run: Omit<TrainingRunOptions, "element" | "onChange">;
  readonly knobs: readonly Knob[];
  readonly body: readonly Node[];
  /** What the reader may choose about the run, a reset each time; null for nothing. By default whose choices. */
  readonly settings?: ConfigControl | null;
  /** Draws the body from the run; a generator function draws what takes long in parts (`redrawer`). */
  draw(run: TrainingRun): undefined | void | Iterator<void>;
  /** What a reader's press of Train or Step needs first; false keeps it from starting. */
  ready?(): Promise<boolean>;
  /** The reader has put it back to random weights. */
  onReset?(): void;
}

export interface Stage {
  readonly node: HTMLElement;
  readonly run: TrainingRun;
  redraw(): void;
  start(): Promise<void>;
}

export function stage(engine: FigureEngine, options: StageOptions): Stage {
  const {title, label, knobs, body, draw, ready = async () => true, onReset} = options;
  const held = heldKnobs(options.run.name, knobs);
  const curves = knobs.map((knob) => ({knob, curve: knobCurve(knob)}));
  const schedules = element("div", {class: "schedules"}, ...curves.map(({curve}) => curve));
  const node = element("section", {class: "stage-of-training", "aria-label": label});
  const run = trainingRun(engine, {...options.run, element: node, onChange: () => redraw()});
  const bar: ControlBar = controlBar({
    label,
    seed: run.seed,
    onTrain: () => void start(),
    onPause: () => run.pause(),
    onStep: () => void step(),
    onReset: (seed) => reset(seed)
  });
  const settings = options.settings === undefined ? choicesSelect() : options.settings;
  if (settings !== null) {
    settings.value = run.config;
    settings.addEventListener("input", () => reset(bar.seed));
    if (options.settings === undefined) bar.append(settings);
  }
  const notice = element("p", {class: "message", role: "status", hidden: held.problems.length === 0});
  notice.textContent = held.problems.join(" ");
  engine.onNotice((sentence) => {
    notice.textContent = sentence;
    notice.hidden = false;
  });
  node.append(
    element("h3", {class: "figure-title"}, title),
    bar,
    notice,
    ...(options.settings ? [options.settings] : []),
    element("div", {class: "stage-body"}, ...body),
    schedules
  );
  let schedule: Readonly<Record<string, ArrayLike<number>>> = {};
  let asked: string | null = null;

  const redraw = redrawer(node, () => {
    const {status, wanted, latest, id} = run;
    const state = wanted && status.state !== "training" ? "waiting" : status.state;
    const {values: losses} = run.series("loss");
    bar.update({...status, state, loss: latest.loss ?? losses[losses.length - 1] ?? null});
    if (status.state !== "idle" || status.step > 0) {
      bar.seed = run.seed;
      if (settings !== null && !sameConfig(settings.value, run.config)) settings.value = run.config;
    }
    const asking = id === null ? null : `${id} ${JSON.stringify(run.config)}`;
    if (id !== null && asked !== asking) {
      asked = asking;
      void fetchSchedule(id);
    }
    schedules.classList.toggle("unknown", status.totalSteps === 0);
    for (const {knob, curve} of curves) {
      const known = schedule[knob.name] ?? [];
      curve.update({schedule: known, step: status.step, totalSteps: Math.max(1, status.totalSteps)});
    }
    return draw(run);
  });
  async function fetchSchedule(id: number): Promise<void> {
    try {
      const arrays = await engine.probe(id, "schedule", {points: 101});
      schedule = Object.fromEntries(Object.entries(arrays).map(([name, {data}]) => [name, data]));
      redraw();
    } catch {
      schedules.hidden = true; // a model that tells none has none to show
    }
  }
  /** Schedules go back to what the page's address held when it opened. */
  function reset(seed: number): void {
    const moved = curves.filter(({knob, curve}) => curve.value !== held.initial[knob.name]);
    for (const {knob, curve} of moved) {
      curve.value = held.initial[knob.name]!;
      held.keep(knob.name, curve.value);
    }
    if (moved.length > 0) run.setHyper(Object.fromEntries(moved.map(({knob, curve}) => [knob.name, curve.value])));
    void run.reset(seed, settings?.value);
    onReset?.();
  }
  let told = false; // of what the address holds
  function tellHeld(): void {
    const own = curves.filter(({curve}) => curve.value !== null);
    if (!told && own.length > 0) run.setHyper(Object.fromEntries(own.map(({knob, curve}) => [knob.name, curve.value])));
    told = true;
  }
  async function start(): Promise<void> {
    if (!(await ready())) return;
    tellHeld();
    await run.train();
  }
  async function step(): Promise<void> {
    if (!(await ready())) return;
    tellHeld();
    await run.step();
  }
  function knobCurve(knob: Knob): ScheduleCurve {
    const curve = scheduleCurve({schedule: [], step: 0, totalSteps: 1}, knob);
    curve.value = held.initial[knob.name]!;
    curve.addEventListener("input", () => {
      held.keep(knob.name, curve.value);
      run.setHyper({[knob.name]: curve.value});
    });
    return curve;
  }
  redraw();
  return {node, run, redraw, start};
}
