// One model of a page, shared by its figures: the one that its training figure holds.

import type {ModelName, ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {onVisibility} from "../redraw.js";
import type {TrainingRun, TrainingRunOptions} from "../trainingRun.js";

export type Load = (engine: FigureEngine) => Promise<void>;
export type Args = Readonly<Record<string, number | string>>;

export interface LiveModel {
  /** What a training figure needs to hold it. */
  readonly run: Pick<TrainingRunOptions, "name" | "spec" | "prepare">;
  /** Asks the model as it is now; opens it, with the shipped weights, if it is not open yet. */
  ask(probe: string, args?: Args): Promise<ProbeResult>;
  /** From now on, asks the session of this training figure. */
  hold(run: TrainingRun): void;
  /** Calls back when the model has changed and the element is on screen: not more often than figures can follow. */
  onChange(listener: () => void, element: Element): void;
  /** Its training figure says that something was reported. */
  reported(): void;
}

/** How long between two calls to listeners, ms. */
const pause = 300;

export function liveModel(engine: FigureEngine, model: ModelName, load: Load): LiveModel {
  const listeners: (() => void)[] = [];
  let changes = 0;
  let held: TrainingRun | null = null;
  let own: Promise<number> | null = null;
  let known = "";
  let waiting = false;

  const spec = (seed: number) => ({model, size: "xs", seed, start: "shipped"}) as const;
  async function session(): Promise<number> {
    if (held !== null) {
      if (held.id === null) await held.open();
      if (held.id === null) throw new Error("This model could not be opened.");
      return held.id;
    }
    own ??= load(engine).then(() => engine.openSession(spec(1), () => {}));
    own.catch(() => {
      own = null;
    });
    return own;
  }
  return {
    run: {name: `${model} xs`, spec, prepare: () => load(engine)},
    async ask(probe, args) {
      return engine.probe(await session(), probe, args);
    },
    hold(run) {
      held = run;
    },
    onChange(listener, element) {
      let seen = 0;
      let visible = false;
      const look = () => {
        if (!visible || seen === changes) return;
        seen = changes;
        listener();
      };
      onVisibility(element, (now) => {
        visible = now;
        look();
      });
      listeners.push(look);
    },
    reported() {
      const now = `${held?.id} ${held?.status.step} ${held?.status.state}`;
      if (now === known) return;
      known = now;
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        changes += 1;
        for (const listener of listeners) listener();
      }, pause);
    }
  };
}

/** Runs `work` with only the newest call in mind: while one is under way, the last of those that follow is next. */
export function latestOnly(work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let busy = false;
  let again = false;
  async function go(): Promise<void> {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await work();
      } while (again);
    } catch (error) {
      onError(error);
    } finally {
      busy = false;
    }
  }
  return () => void go();
}
