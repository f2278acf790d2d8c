// The pipeline's figures as its page shows them: with the page's engine and the shipped weights.

import {connectEngine} from "../training/client.js";
import type {Size} from "../training/protocol.js";
import {rerankFigure} from "./clip/rerankFigure.js";
import {type PipelineFigure, pipelineFigure} from "./pipelineFigure.js";
import {unseenQuestion, wonByQuestion} from "./pipelineQuestions.js";
import {pipelines, shippedWeights} from "./pipelines.js";
import {type Predict, predict} from "./predict.js";
import {suggestions} from "./scenes.js";
import {clipOpener} from "./shipped.js";
import {clipFiles, loadShipped} from "./siteModels.js";
import {trainPipeline} from "./trainPipeline.js";

const loadClip = clipOpener(connectEngine(), clipFiles);

/** The pipeline, opened up. */
export function openPipeline(size: Size): PipelineFigure {
  return pipelineFigure(connectEngine(), {size, loadShipped});
}

/** Many candidates of a caption, ranked: the step after the pipeline. */
export function rankHere(size: Size): HTMLElement {
  const engine = connectEngine();
  const opened = pipelines(engine, loadShipped);
  const openPipeline = (of: Size) => opened.get(shippedWeights(of));
  return rerankFigure({openPipeline, openClip: loadClip, sizes: [size], usual: 8, most: 32, prefix: "rank"});
}

/** Both stages from random weights; what they learn can be used in the figure above. */
export function trainHere(size: Size, above: PipelineFigure): HTMLElement {
  const captions = suggestions[size].slice(0, 4).map(({caption}) => caption);
  return trainPipeline(connectEngine(), size, {captions, feeds: [above]});
}

export const askUnseen = (): Predict => predict(unseenQuestion(connectEngine(), loadShipped));
export const askWonBy = (): Predict => predict(wonByQuestion(connectEngine(), loadShipped));
