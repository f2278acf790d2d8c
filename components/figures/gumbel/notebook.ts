// The chapter's figures with the page's engine and the site's weights. All share one set of logits and one temperature.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import {fetchModel} from "../shipped.js";
import {curveOf} from "../storedCurve.js";
import {blendFigure} from "./blendFigure.js";
import {countFigure} from "./countFigure.js";
import {drawFigure} from "./drawFigure.js";
import {estimatorFigure} from "./estimatorFigure.js";
import {type GapFigure, gapFigure} from "./gapFigure.js";
import {predictGap, predictNoise, predictShares} from "./predictions.js";
import {simplexFigure} from "./simplexFigure.js";
import {gumbelState} from "./state.js";

const state = gumbelState();
const weights = fetchModel("xs", "gumbel", FileAttachment("../../../data/checkpoints/xs-gumbel.safetensors"));

export const relaxedDraw = () => drawFigure(state);
export const tenThousandDraws = () => countFigure(state);
export const triangleOfDraws = () => simplexFigure(state);
export const codesBlended = () => blendFigure(state);
export const threeEstimators = () => estimatorFigure(state);
export const askShares = () => predictShares(state);
export const askNoise = () => predictNoise();
export const askGap = (figure: GapFigure) => predictGap(connectEngine(), figure);

export async function trainedGap(): Promise<GapFigure> {
  const manifest = await FileAttachment("../../../data/checkpoints/xs-gumbel.json").json();
  const staying = await FileAttachment("../../../data/checkpoints/xs-gumbel-tau1.json").json();
  return gapFigure(connectEngine(), {prepare: weights, stored: curveOf(manifest), staying: curveOf(staying)});
}
