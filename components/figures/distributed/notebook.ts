// The figures of training on many machines, with the page's engine, the shipped dVAE and the stored runs.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import {type Predict, predict} from "../predict.js";
import {loadDvae} from "../siteModels.js";
import {gapsFigure} from "./gapsFigure.js";
import {memoryFigure} from "./memoryFigure.js";
import {memoryQuestion, resamplingQuestion, workersQuestion} from "./questions.js";
import {ranksFigure} from "./ranksFigure.js";
import {spectrumFigure} from "./spectrumFigure.js";
import {speedFigure} from "./speedFigure.js";
import type {StoredRuns} from "./storedRuns.js";
import {parallelFigure} from "./trainingFigure.js";

const storedRuns = FileAttachment("../../../data/powersgd.json");

export const ranksAndRates = () => ranksFigure();
export const memoryOfACard = () => memoryFigure();
export const askMemory = () => predict(memoryQuestion);

export interface DistributedPart {
  readonly training: HTMLElement;
  readonly spectrum: HTMLElement;
  readonly speed: HTMLElement;
  readonly gaps: HTMLElement;
  readonly askWorkers: Predict;
  readonly askResampling: Predict;
}

/** The figures that look at one run. */
export async function distributedPart(): Promise<DistributedPart> {
  const engine = connectEngine();
  const stored = (await storedRuns.json()) as StoredRuns;
  const training = parallelFigure(engine, {prepare: loadDvae, stored});
  const cores = navigator.hardwareConcurrency ?? 1;
  return {
    training,
    spectrum: spectrumFigure(engine, training),
    speed: speedFigure(engine, training, {prepare: loadDvae, cores}),
    gaps: gapsFigure(stored),
    askWorkers: predict(workersQuestion(engine, loadDvae)),
    askResampling: predict(resamplingQuestion(stored))
  };
}
