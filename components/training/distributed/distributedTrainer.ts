// A model in training on several workers, this one the first of them.

import {createTask} from "../createTask.js";
import type {PartnerSetup, Port} from "../gradientServer.js";
import {ModelTrainer} from "../modelTrainer.js";
import {ReplicaExchange} from "./exchange.js";

/** The spec's settings say how many workers, and what they send; `start` is called for each but the first. */
export function distributedTrainer(setup: PartnerSetup, start: () => Port): ModelTrainer {
  const {task, weights} = createTask(setup.spec, setup.dvae);
  const trainer = new ModelTrainer(setup.spec, task, weights);
  trainer.exchangeThrough(new ReplicaExchange({...setup, weights, start}));
  return trainer;
}
