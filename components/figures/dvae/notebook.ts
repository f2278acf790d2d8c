// The chapter's figures as its page shows them.

import {FileAttachment} from "observablehq:stdlib";
import type {AblationFile} from "../../training/ablations.js";
import {connectEngine} from "../../training/client.js";
import type {Predict} from "../predict.js";
import {loadDvae, loadShipped} from "../siteModels.js";
import {curveOf, withBounds} from "../storedCurve.js";
import {ablationFigure} from "./ablationFigure.js";
import {likelihoodFigure, predictLeak} from "./likelihoodFigure.js";
import {predictReach, predictSoftHard} from "./questions.js";
import {tokensFigure} from "./tokensFigure.js";
import {trainFigure} from "./trainFigure.js";

export {likelihoodFigure, predictLeak};

/** Paint an image, see its tokens, change them. */
export function openTokens(): HTMLElement {
  return tokensFigure(connectEngine(), loadShipped);
}

const ablations = FileAttachment("../../../data/ablations.json");

export async function trainDvae(): Promise<HTMLElement> {
  const curve = curveOf(await FileAttachment("../../../data/checkpoints/xs-dvae.json").json());
  if (curve.elbTrue !== undefined) return trainFigure(connectEngine(), {load: loadDvae, stored: curve});
  // The shipped run was made before the bounds were measured: a stored run of the same settings has them.
  const {runs} = (await ablations.json()) as AblationFile;
  const same = runs.find(({config, seed}) => seed === 1 && Object.keys(config).length === 0);
  const stored = withBounds(curve, same?.curve ?? {});
  return trainFigure(connectEngine(), {load: loadDvae, stored, boundsOfAnother: stored !== curve});
}

export async function openAblations(): Promise<HTMLElement> {
  return ablationFigure((await ablations.json()) as AblationFile);
}

export const askSoftHard = (): Predict => predictSoftHard(connectEngine(), loadShipped);
export const askReach = (): Predict => predictReach(connectEngine(), loadShipped);
