// Whose CLIP the chapter's figures use: the one that comes with the site, or the one that the reader is training.

import {type Select, select} from "../../charts/controls/select.js";
import type {ClipApi, Size, WeightsSource} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import type {TrainingRun} from "../trainingRun.js";

export type Whose = "shipped" | "own";

export interface ClipSources {
  /** The CLIP of a size; the reader's own only for XS, and only if it is trained. */
  open(size: Size, whose?: Whose): Promise<ClipApi>;
  /** The run of the training figure, once that is there. */
  setRun(run: TrainingRun): void;
  /** A choice between the two; emits "input". */
  choice(): Select<Whose>;
}

export function clipSources(
  engine: FigureEngine,
  load: (engine: FigureEngine, size: Size) => Promise<void>
): ClipSources {
  const opened = new Map<string, Promise<ClipApi>>();
  let run: TrainingRun | null = null;
  function get(key: string, open: () => Promise<ClipApi>): Promise<ClipApi> {
    const found = opened.get(key) ?? open();
    opened.set(key, found);
    found.catch(() => opened.delete(key)); // a later try starts afresh
    return found;
  }
  const open = (size: Size, source: WeightsSource) => engine.openClip(size, source);
  return {
    open(size, whose = "shipped") {
      if (whose === "shipped")
        return get(size, async () => {
          await load(engine, size);
          return open(size, {from: "shipped"});
        });
      const id = run?.id ?? null;
      if (size !== "xs" || id === null) {
        return Promise.reject(new Error("There is no CLIP of yours of this size yet: train one in the figure above."));
      }
      return get(`session ${id}`, () => open("xs", {from: "session", id}));
    },
    setRun(next) {
      run = next;
    },
    choice() {
      return select<Whose>({
        label: "ranker",
        value: "shipped",
        choices: [
          {value: "shipped", label: "shipped CLIP"},
          {value: "own", label: "yours, as it is now"}
        ]
      });
    }
  };
}
