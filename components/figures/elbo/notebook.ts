// The chapter's figures as its page shows them.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import type {Predict} from "../predict.js";
import {fetchModel} from "../shipped.js";
import {loadShipped} from "../siteModels.js";
import {curveOf} from "../storedCurve.js";
import {boundFigure, predictBestQ, predictBeta} from "./boundFigure.js";
import {elboStage} from "./elboStage.js";
import {equationFigure, predictSavings} from "./equationFigure.js";
import {lineFigure} from "./lineFigure.js";

export {lineFigure};

const load = fetchModel("xs", "elbo", FileAttachment("../../../data/checkpoints/xs-elbo.safetensors"));

/** q dragged by hand. */
export function openBound(): HTMLElement {
  return boundFigure(connectEngine(), {
    load,
    prefix: "",
    caption:
      "The filled bar is the bound, the hatched one what is missing; together they reach the line, whatever you do to the bars of q."
  });
}

/** The same with β. */
export function openWeighted(): HTMLElement {
  return boundFigure(connectEngine(), {
    load,
    prefix: "w",
    weighted: true,
    caption:
      "The triangle is the weighted sum, reconstruction − β KL, at the q that is best for this β. The long bar still shows the bound itself for that q."
  });
}

export async function trainElbo(): Promise<HTMLElement> {
  const curve = curveOf(await FileAttachment("../../../data/checkpoints/xs-elbo.json").json());
  return elboStage(connectEngine(), {load, stored: curve});
}

export function openEquation(): HTMLElement {
  return equationFigure(connectEngine(), loadShipped);
}

export const askBestQ = (): Predict => predictBestQ(connectEngine(), load);
export const askBeta = (): Predict => predictBeta(connectEngine(), load);
export const askSavings = (): Predict => predictSavings(connectEngine(), loadShipped);
