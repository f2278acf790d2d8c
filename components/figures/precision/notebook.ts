// The figures on precision, with the page's engine, the shipped dVAE and the stored runs.

import {FileAttachment} from "observablehq:stdlib";
import {connectEngine} from "../../training/client.js";
import {loadDvae} from "../siteModels.js";
import {numberFigure} from "./numberFigure.js";
import {predictBlocks, predictFormats, predictPatterns, predictScales} from "./predictions.js";
import {type RangeFigure, rangeFigure} from "./rangeFigure.js";
import type {StoredPrecision} from "./stored.js";
import {precisionTable} from "./tableFigure.js";
import {type PrecisionTraining, trainingFigure} from "./trainingFigure.js";

const file = FileAttachment("../../../data/checkpoints/xs-priorHalf.json");
const stored = file.json() as Promise<StoredPrecision>;

export const gradientRange = async (): Promise<RangeFigure> => rangeFigure((await stored).census);
export const oneNumber = (): HTMLElement => numberFigure();
export const halfTraining = async (): Promise<PrecisionTraining> =>
  trainingFigure(connectEngine(), {prepare: loadDvae, stored: await stored});
export const askPatterns = () => predictPatterns();
export const askBlocks = (figure: RangeFigure) => predictBlocks(figure.census);
export const askFormats = (figure: RangeFigure) => predictFormats(figure.census);
export const askScales = async () => predictScales(await stored);
export const storedRuns = async (): Promise<HTMLElement> => precisionTable(await stored);
