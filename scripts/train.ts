// A whole training run in memory, for experiments that train more than once.

import type {Weights} from "../components/models/weights.js";
import {createTrainer} from "../components/training/createTask.js";
import {gradientPartner} from "../components/training/gradientServer.js";
import type {FrozenDvae} from "../components/training/priorTask.js";
import type {RunSpec} from "../components/training/protocol.js";
import {nodeGradientPort} from "./gradientPort.js";

/** The averaged weights at the end of the run. With two workers each step is shared. */
export async function trained(spec: RunSpec, workers: number, dvae?: FrozenDvae): Promise<Weights> {
  const trainer = createTrainer(spec, dvae);
  if (workers > 1) {
    const setup = {spec, backend: "wasm" as const, ...(dvae ? {dvae} : {})};
    trainer.shareWith(gradientPartner(nodeGradientPort(), setup));
  }
  while (trainer.step < trainer.totalSteps) await trainer.update({}, trainer.step % 25 === 24);
  const {tensors} = await trainer.state();
  trainer.dispose();
  const averaged = [...tensors].filter(([name]) => name.startsWith("ema/"));
  return Object.fromEntries(averaged.map(([name, array]) => [name.slice("ema/".length), array]));
}
