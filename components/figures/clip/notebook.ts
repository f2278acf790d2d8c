// The chapter's figures with the page's engine, the site's weights and the stored measurements.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import type {ClipOptionFile} from "../../training/clipOptions.js";
import type {Size} from "../../training/protocol.js";
import type {RerankFile} from "../../training/rerank.js";
import {pipelines, shippedWeights} from "../pipelines.js";
import type {Predict} from "../predict.js";
import {clipOpener, fetchModel} from "../shipped.js";
import {clipFiles, loadShipped} from "../siteModels.js";
import {curveOf} from "../storedCurve.js";
import {rerankCurve} from "./curveFigure.js";
import {fooledFigure} from "./fooledFigure.js";
import {optionsFigure} from "./optionsFigure.js";
import {predictBatch, predictBestOf, predictUnseen} from "./predictions.js";
import {type RerankFigure, rerankFigure} from "./rerankFigure.js";
import {clipSources, type Whose} from "./sources.js";
import {type ClipTrainFigure, clipTrainFigure} from "./trainFigure.js";
import {zeroShotFigure} from "./zeroShotFigure.js";

const reranking = FileAttachment("../../../data/rerank.json");
const options = FileAttachment("../../../data/clip-options.json");
const engine = connectEngine();
const clips = clipSources(engine, clipOpener(engine, clipFiles));
/** Each figure has pipelines of its own: one that starts to draw ends what another draws with the same. */
const opener = () => {
  const opened = pipelines(engine, loadShipped);
  return (size: Size) => opened.get(shippedWeights(size));
};
const rerankFile = async () => (await reranking.json()) as RerankFile;
const optionFile = async () => (await options.json()) as ClipOptionFile;

export function rankCandidates(): RerankFigure {
  const openClip = (size: Size, whose?: Whose) => clips.open(size, whose);
  return rerankFigure({openPipeline: opener(), openClip, whose: clips.choice(), sizes: ["xs", "s"]});
}

export async function bestOfN(above: RerankFigure): Promise<HTMLElement> {
  return rerankCurve(await rerankFile(), above);
}

export async function fooledCases(above: RerankFigure): Promise<HTMLElement> {
  return fooledFigure(await rerankFile(), {openPipeline: opener(), openClip: (size) => clips.open(size), above});
}

export async function trainClip(): Promise<ClipTrainFigure> {
  const manifest = await FileAttachment("../../../data/checkpoints/xs-clip.json").json();
  const node = clipTrainFigure(engine, {prepare: fetchModel("xs", "clip", clipFiles.xs), stored: curveOf(manifest)});
  clips.setRun(node.run);
  return node;
}

export const nameImages = (): HTMLElement => zeroShotFigure(clips);

export async function clipByOption(): Promise<HTMLElement> {
  return optionsFigure(await optionFile());
}

export const askBestOf = async (): Promise<Predict> => predictBestOf(await rerankFile());
export const askBatch = async (): Promise<Predict> => predictBatch(await optionFile());
export const askUnseen = (): Predict => predictUnseen((size) => clips.open(size));
