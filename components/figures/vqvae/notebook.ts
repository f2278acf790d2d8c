// The chapter's figures with the page's engine and the site's weights.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import {fetchModel} from "../shipped.js";
import {curveOf} from "../storedCurve.js";
import {type GridFigure, gridFigure} from "./gridFigure.js";
import type {LiveModel} from "./live.js";
import {pathsFigure} from "./pathsFigure.js";
import {planeFigure} from "./planeFigure.js";
import {predictDeadCodes, predictPaths, predictPriorBits} from "./predictions.js";
import {priorFigure} from "./priorFigure.js";
import {tokenFigure} from "./tokenFigure.js";

const plane = fetchModel("xs", "vqvaePlane", FileAttachment("../../../data/checkpoints/xs-vqvaePlane.safetensors"));
const grid = fetchModel("xs", "vqvae", FileAttachment("../../../data/checkpoints/xs-vqvae.safetensors"));

export async function codebookPlane(): Promise<HTMLElement> {
  const manifest = await FileAttachment("../../../data/checkpoints/xs-vqvaePlane.json").json();
  return planeFigure(connectEngine(), {prepare: plane, stored: curveOf(manifest)});
}

export async function vqGrid(): Promise<GridFigure> {
  const manifest = await FileAttachment("../../../data/checkpoints/xs-vqvae.json").json();
  return gridFigure(connectEngine(), {prepare: grid, stored: curveOf(manifest)});
}

export function gradientPaths(model: LiveModel): HTMLElement {
  return pathsFigure(connectEngine(), model);
}

export function swapTokens(model: LiveModel): HTMLElement {
  return tokenFigure(connectEngine(), model);
}

export function priorsAfterwards(model: LiveModel): HTMLElement {
  return priorFigure(connectEngine(), model);
}

export function askDeadCodes(): HTMLElement {
  return predictDeadCodes(connectEngine());
}

export function askPaths(model: LiveModel): HTMLElement {
  return predictPaths(connectEngine(), model);
}

export function askPriorBits(model: LiveModel): HTMLElement {
  return predictPriorBits(connectEngine(), model);
}
