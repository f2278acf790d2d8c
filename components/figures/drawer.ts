// Runs draws one at a time: a new one ends the one before.

import type {ArrayPayload} from "../training/protocol.js";
import {type Drawing, type DrawSettings, emptyDrawing, finishDrawing, recordStep, requestOf} from "./drawing.js";
import type {FigureEngine} from "./engine.js";
import type {OpenPipeline} from "./pipelines.js";

export interface DrawerOptions {
  readonly engine: FigureEngine;
  open(): Promise<OpenPipeline>;
  /** Something has arrived. */
  onDrawing(drawing: Drawing, patches: ArrayPayload): void;
  onUnknown(words: readonly string[]): void;
  /** A picture is there, live. */
  onDrawn?(): void;
  /** A line for the reader. */
  onState(text: string, failed: boolean): void;
}

export interface Drawer {
  /** True once a pipeline has answered. */
  readonly live: boolean;
  /** Resolves when this draw has ended, been overtaken or failed; never rejects. */
  draw(settings: DrawSettings): Promise<void>;
  /** Looks for unknown words in a caption that is being typed. */
  read(caption: string): Promise<void>;
}

export function drawer({engine, open, onDrawing, onUnknown, onDrawn, onState}: DrawerOptions): Drawer {
  let run = 0;
  let live = false;
  let pipeline: OpenPipeline | null = null;
  let backend = "";

  async function draw(settings: DrawSettings): Promise<void> {
    const mine = ++run;
    const overtaken = () => run !== mine;
    try {
      if (settings.caption === "") return onState("Type a caption, or take one of the suggestions.", false);
      if (!live) onState("Fetching the model …", false);
      await pipeline?.api.cancel();
      const {description} = await engine.start();
      const opened = await open();
      if (overtaken()) return;
      live = true;
      backend = description;
      pipeline = opened;
      const {api, grid, patches} = opened;
      const {unknownWords} = await api.tokenize(settings.caption);
      if (overtaken()) return;
      onUnknown(unknownWords);
      const drawing = emptyDrawing(settings, grid);
      onState("Drawing …", false);
      const result = await api.sample(requestOf(settings), (step) => {
        if (overtaken()) return;
        recordStep(drawing, step);
        onDrawing(drawing, patches);
      });
      if (overtaken()) return;
      finishDrawing(drawing, result);
      onDrawing(drawing, patches);
      onState(`Drawn in ${result.seconds.toFixed(1)} s on ${backend}. Same settings, same picture.`, false);
      onDrawn?.();
      drawing.nearest = await engine.nearest(settings.size, result.images);
      if (!overtaken()) onDrawing(drawing, patches);
    } catch (error) {
      if (overtaken()) return;
      onState(`The picture could not be drawn: ${sentence(error)}`, true);
    }
  }
  return {
    get live() {
      return live;
    },
    draw,
    async read(caption) {
      if (pipeline === null || caption === "") return onUnknown([]);
      const mine = run;
      try {
        const {unknownWords} = await pipeline.api.tokenize(caption);
        if (run === mine) onUnknown(unknownWords);
      } catch {
        // the next draw says what is wrong
      }
    }
  };
}

/** An error's message, ended as a sentence. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
