// Steps a second with so many workers, measured on the reader's machine.

import type {SessionEvent} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import {configOf} from "./settings.js";

/** Steps before the clock starts: kernels are compiled and workers started in them. Metrics come every five. */
const warmUp = 10;
const timed = 30;

/** How many workers to try on so many cores: powers of two, up to one beyond. */
export function workerCounts(cores: number): number[] {
  return [1, 2, 4, 8].filter((count) => count <= 2 || count <= cores * 2);
}

/** Trains a fresh run for a few steps; the engine must have the shipped dVAE. */
export async function stepsPerSecond(
  engine: FigureEngine,
  workers: number,
  now = () => performance.now()
): Promise<number> {
  let started: number | null = null;
  let finish: (rate: number) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const measured = new Promise<number>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const listener = (event: SessionEvent) => {
    if (event.type === "status" && event.status.state === "failed") fail(new Error(event.status.message));
    if (event.type !== "metrics") return;
    if (event.step === warmUp) started = now();
    if (event.step === warmUp + timed && started !== null) finish((1000 * timed) / (now() - started));
  };
  const spec = {model: "priorParallel", size: "xs", seed: 1, config: configOf(workers, "none", 1)} as const;
  const id = await engine.openSession({...spec, dvae: {from: "shipped"}}, listener);
  try {
    await engine.train(id, warmUp + timed);
    return await measured;
  } finally {
    await engine.closeSession(id);
  }
}
