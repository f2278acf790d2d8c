// The chapter's figures as its page shows them.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import {liveModel} from "../autoencoder/liveModel.js";
import {prepareScenes} from "../autoencoder/parts.js";
import type {Predict} from "../predict.js";
import {fetchModel} from "../shipped.js";
import {curveOf} from "../storedCurve.js";
import {besideFigure} from "./besideFigure.js";
import {collapseFigure, predictCollapse} from "./collapseFigure.js";
import {gradientFigure, predictSpread} from "./gradientFigure.js";
import {planeFigure} from "./planeFigure.js";
import {predictWrong, sampleFigure} from "./sampleFigure.js";

const engine = connectEngine();
prepareScenes("topLeft");
const two = liveModel(
  engine,
  "vaePlane",
  fetchModel("xs", "vaePlane", FileAttachment("../../../data/checkpoints/xs-vaePlane.safetensors"))
);
const eight = liveModel(
  engine,
  "vae",
  fetchModel("xs", "vae", FileAttachment("../../../data/checkpoints/xs-vae.safetensors"))
);
const autoencoder = liveModel(
  engine,
  "aePlane",
  fetchModel("xs", "aePlane", FileAttachment("../../../data/checkpoints/xs-aePlane.safetensors"))
);

/** The plane, with the curve of the shipped weights' own training. */
export async function openPlane(): Promise<HTMLElement> {
  const curve = curveOf(await FileAttachment("../../../data/checkpoints/xs-vaePlane.json").json());
  return planeFigure(engine, two, curve);
}

export async function openCollapse(): Promise<HTMLElement> {
  const curve = curveOf(await FileAttachment("../../../data/checkpoints/xs-vae.json").json());
  return collapseFigure(engine, eight, curve);
}

export const openSample = (): HTMLElement => sampleFigure(two);
export const openGradient = (): HTMLElement => gradientFigure(two);
export const openBeside = (): HTMLElement => besideFigure(engine, autoencoder, two);
export const askWrong = (): Predict => predictWrong();
export const askCollapse = (): Predict => predictCollapse(eight);
export const askSpread = (): Predict => predictSpread(two);
