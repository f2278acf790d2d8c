// A whole training run in memory, for experiments that train more than once.

import type {Weights} from "../components/models/weights.js";
import {createTrainer} from "../components/training/createTask.js";
import {gradientPartner} from "../components/training/gradientServer.js";
import type {ModelTrainer} from "../components/training/modelTrainer.js";
import type {FrozenDvae} from "../components/training/priorTask.js";
import type {RunSpec} from "../components/training/protocol.js";
import type {Trainer} from "../components/training/trainer.js";
import {nodeGradientPort} from "./gradientPort.js";

/** A run before its first step. With two workers each step is shared. */
export function begun(spec: RunSpec, workers: number, dvae?: FrozenDvae): ModelTrainer {
  const trainer = createTrainer(spec, dvae);
  if (workers > 1) {
    const setup = {spec, backend: "wasm" as const, ...(dvae ? {dvae} : {})};
    trainer.shareWith(gradientPartner(nodeGradientPort(), setup));
  }
  return trainer;
}

/** Trains to the end; of the first step, the last and every so many, adds these metrics to the curve, with four digits. */
export async function follow(
  trainer: Trainer,
  curve: Record<string, number[]>,
  {every, kept}: {readonly every: number; readonly kept: readonly string[]}
): Promise<void> {
  while (trainer.step < trainer.totalSteps) {
    const next = trainer.step + 1;
    const metrics = await trainer.update({}, next === 1 || next % every === 0 || next === trainer.totalSteps);
    if (metrics === null) continue;
    const add = (name: string, value: number) => {
      curve[name] ??= [];
      curve[name].push(value);
    };
    add("step", trainer.step);
    for (const name of kept) add(name, Number((metrics[name] ?? 0).toPrecision(4)));
  }
}

/** The averaged weights at the end of the run. */
export async function trained(spec: RunSpec, workers: number, dvae?: FrozenDvae): Promise<Weights> {
  const trainer = begun(spec, workers, dvae);
  while (trainer.step < trainer.totalSteps) await trainer.update({}, trainer.step % 25 === 24);
  const {tensors} = await trainer.state();
  trainer.dispose();
  const averaged = [...tensors].filter(([name]) => name.startsWith("ema/"));
  return Object.fromEntries(averaged.map(([name, array]) => [name.slice("ema/".length), array]));
}
