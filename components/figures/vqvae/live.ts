// A figure's view of a model that another figure trains: opened when the reader comes near, asked again as it trains.

import type {ProbeResult, SessionId} from "../../training/protocol.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {nearScreen, onVisibility} from "../redraw.js";
import type {TrainingRun} from "../trainingRun.js";

/** A run, and a way to hear of its steps. */
export interface LiveModel {
  readonly run: TrainingRun;
  onStep(listener: () => void): void;
}

/** Of what a figure may ask. */
export interface View {
  /** Asks the model now; the newest answer wins. */
  ask(args?: Readonly<Record<string, number | string>>): Promise<void>;
}

export interface ViewOptions {
  readonly engine: FigureEngine;
  readonly model: LiveModel;
  readonly element: Element;
  readonly probe: string;
  /** What is asked at first. */
  readonly args?: Readonly<Record<string, number | string>>;
  /** Between two looks while it trains, in ms; null looks only when asked. */
  readonly every?: number | null;
  draw(result: ProbeResult): void;
  onProblem(text: string): void;
}

export function view({
  engine,
  model,
  element,
  probe,
  args: first = {},
  every = 1000,
  draw,
  onProblem
}: ViewOptions): View {
  let args = first;
  let visible = false;
  let asked = 0;
  let busy = false;
  let seen = "";
  let lookedAt = -Infinity;
  let later: ReturnType<typeof setTimeout> | undefined;

  async function ask(next = args): Promise<void> {
    args = next;
    const mine = ++asked;
    try {
      const result = await engine.probe(await opened(), probe, args);
      if (mine === asked) draw(result);
    } catch (error) {
      if (mine === asked) onProblem(sentence(error));
    }
  }
  async function opened(): Promise<SessionId> {
    if (model.run.id === null) await model.run.open();
    if (model.run.id === null) throw new Error("The model could not be opened.");
    return model.run.id;
  }
  /** While it trains: not more often than is worth it, and not while nobody looks. */
  function follow(): void {
    if (every === null) return;
    const now = performance.now();
    const state = `${model.run.id} ${model.run.status.step}`;
    if (!visible || busy || state === seen || model.run.id === null) return;
    if (now - lookedAt < every) {
      clearTimeout(later);
      later = setTimeout(follow, every - (now - lookedAt)); // the last step must be seen too
      return;
    }
    seen = state;
    lookedAt = now;
    busy = true;
    void ask().finally(() => {
      busy = false;
      follow();
    });
  }
  if (every === null) return {ask};
  onVisibility(element, (now) => {
    visible = now;
    if (now) follow();
  });
  model.onStep(follow);
  void nearScreen(element).then(() => ask());
  return {ask};
}
