// Whose CLIP the chapter's figures use: the one that comes with the site, or the one that the reader is training.

import {type Select, select} from "../../charts/controls/select.js";
import type {ClipApi, SessionId, Size} from "../../training/protocol.js";
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

export function clipSources(engine: FigureEngine, openShipped: (size: Size) => Promise<ClipApi>): ClipSources {
  const own = new Map<SessionId, Promise<ClipApi>>();
  let run: TrainingRun | null = null;
  return {
    open(size, whose = "shipped") {
      if (whose === "shipped") return openShipped(size);
      const id = run?.id ?? null;
      if (size !== "xs" || id === null) {
        return Promise.reject(new Error("There is no CLIP of yours of this size yet: train one in the figure above."));
      }
      const found = own.get(id) ?? engine.openClip("xs", {from: "session", id});
      own.set(id, found);
      found.catch(() => own.delete(id)); // a later try starts afresh
      return found;
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
