// The chapter's figures as its page shows them.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import type {Predict} from "../predict.js";
import {fetchModel} from "../shipped.js";
import {curveOf} from "../storedCurve.js";
import {betweenFigure, predictBetween} from "./betweenFigure.js";
import {emptyFigure, predictWhere, predictWidth} from "./emptyFigure.js";
import {liveModel} from "./liveModel.js";
import {prepareScenes} from "./parts.js";
import {planeFigure} from "./planeFigure.js";
import {widthFigure} from "./widthFigure.js";

const engine = connectEngine();
prepareScenes("all");
prepareScenes("topLeft");
const every = liveModel(
  engine,
  "ae",
  fetchModel("xs", "ae", FileAttachment("../../../data/checkpoints/xs-ae.safetensors"))
);
const two = liveModel(
  engine,
  "aePlane",
  fetchModel("xs", "aePlane", FileAttachment("../../../data/checkpoints/xs-aePlane.safetensors"))
);

export const openWidths = (): HTMLElement => widthFigure(engine, every);
/** The plane, with the curve of the shipped weights' own training. */
export async function openPlane(): Promise<HTMLElement> {
  const curve = curveOf(await FileAttachment("../../../data/checkpoints/xs-aePlane.json").json());
  return planeFigure(engine, two, curve);
}
export const openBetween = (): HTMLElement => betweenFigure(engine, every);
export const openEmpty = (): HTMLElement => emptyFigure(engine, two);
export const askWidth = (): Predict => predictWidth(every);
export const askBetween = (): Predict => predictBetween(engine, every);
export const askWhere = (): Predict => predictWhere(two);
