// What several workers are worth on the reader's own machine: steps a second with 1, 2, 4, … of them.

import {button} from "../../charts/controls/button.js";
import {element} from "../../charts/dom.js";
import {rankedBars} from "../../charts/rankedBars.js";
import {sentence} from "../drawer.js";
import type {FigureEngine} from "../engine.js";
import {figure} from "../figure.js";
import {stepsPerSecond, workerCounts} from "./speed.js";
import type {ParallelFigure} from "./trainingFigure.js";

export interface SpeedOptions {
  prepare(engine: FigureEngine): Promise<void>;
  /** Of the machine, as the browser tells it. */
  readonly cores: number;
}

export function speedFigure(engine: FigureEngine, {run}: ParallelFigure, {prepare, cores}: SpeedOptions): HTMLElement {
  const start = button("Measure", {kind: "primary", hint: "Trains 40 steps with each number of workers"});
  const bars = rankedBars({title: "", rows: []});
  const told = element(
    "p",
    {class: "message", role: "status"},
    `This machine has ${cores} ${cores === 1 ? "core" : "cores"}, the browser says. Measuring takes about ten seconds for each number of workers.`
  );
  const node = figure(
    {kind: "stack distributed-figure speed-figure", label: "Steps a second by the number of workers"},
    element("div", {class: "control-bar"}, start, told),
    bars,
    element(
      "figcaption",
      {},
      "Whole gradients, the same 16 captions a step cut into as many parts. Each worker computes its part at the same time as the others; then all wait for the slowest and for the messages. On a GPU all of them share one device, and more workers bring nothing."
    )
  );
  start.addEventListener("click", () => void measure());

  async function measure(): Promise<void> {
    start.disabled = true;
    run.pause();
    const rates = new Map<number, number>();
    try {
      await prepare(engine);
      for (const workers of workerCounts(cores)) {
        told.textContent = `Training with ${named(workers)} …`;
        rates.set(workers, await stepsPerSecond(engine, workers));
        draw(rates);
      }
      const one = rates.get(1)!;
      const [best, rate] = [...rates].reduce((a, b) => (b[1] > a[1] ? b : a));
      told.textContent =
        best === 1
          ? `On the ${cores} cores of this machine one worker is as fast as any.`
          : `Fastest with ${named(best)}: ${(rate / one).toFixed(2)} times as fast as one, on ${cores} cores.`;
    } catch (error) {
      told.textContent = sentence(error);
    } finally {
      start.disabled = false;
    }
  }
  function draw(rates: ReadonlyMap<number, number>): void {
    const best = Math.max(...rates.values());
    bars.update({
      title: "steps a second",
      rows: [...rates].map(([workers, rate]) => ({
        name: named(workers),
        value: rate,
        text: rate.toFixed(1),
        marked: rate === best
      }))
    });
  }
  return node;
}

function named(workers: number): string {
  return workers === 1 ? "1 worker" : `${workers} workers`;
}
