// The chapter's figures as its page shows them.

import {FileAttachment} from "observablehq:stdlib";
import type {AblationFile} from "../../training/ablations.js";
import {connectEngine} from "../../training/client.js";
import type {ImageToImageFile} from "../../training/imageToImage.js";
import type {Size} from "../../training/protocol.js";
import type {RerankFile} from "../../training/rerank.js";
import type {SeenShareFile} from "../../training/seenShare.js";
import type {FrechetFile} from "../../training/setDistance.js";
import type {Scores} from "../../training/tally.js";
import type {FigureEngine} from "../engine.js";
import type {StoredPrecision} from "../precision/stored.js";
import type {Predict} from "../predict.js";
import type {StoredMasks} from "../prior/storedMasks.js";
import {fetchModel, type SiteFile} from "../shipped.js";
import {clipFiles, loadShipped} from "../siteModels.js";
import {curveOf} from "../storedCurve.js";
import {blurFigure} from "./blurFigure.js";
import {claimRows, type StoredPowerSgd} from "./claims.js";
import {claimsTable} from "./claimsTable.js";
import {type GameFigure, gameFigure} from "./gameFigure.js";
import type {StoredMeasures} from "./groups.js";
import {limitsFigure} from "./limitsFigure.js";
import {predictBinding, predictDistance} from "./questions.js";
import {scoresFigure} from "./scoresFigure.js";
import {seenShareFigure} from "./seenShareFigure.js";
import {shareTraining} from "./shareTraining.js";

const engine = connectEngine();
const clips: Readonly<Record<Size, (engine: FigureEngine) => Promise<void>>> = {
  xs: fetchModel("xs", "clip", clipFiles.xs),
  s: fetchModel("s", "clip", clipFiles.s)
};
const loadClip = (of: FigureEngine, size: Size) => clips[size](of);

const manifests = {
  xs: {
    dvae: FileAttachment("../../../data/checkpoints/xs-dvae.json"),
    prior: FileAttachment("../../../data/checkpoints/xs-prior.json")
  },
  s: {
    dvae: FileAttachment("../../../data/checkpoints/s-dvae.json"),
    prior: FileAttachment("../../../data/checkpoints/s-prior.json")
  }
};
const files = {
  ablations: FileAttachment("../../../data/ablations.json"),
  masks: FileAttachment("../../../data/checkpoints/xs-prior-masks.json"),
  rerank: FileAttachment("../../../data/rerank.json"),
  seenShare: FileAttachment("../../../data/seen-share.json"),
  frechet: FileAttachment("../../../data/frechet.json"),
  powerSgd: FileAttachment("../../../data/powersgd.json"),
  precision: FileAttachment("../../../data/checkpoints/xs-priorHalf.json"),
  imageToImage: FileAttachment("../../../data/image-to-image.json")
};

interface JsonFile extends SiteFile {
  json(): Promise<unknown>;
}

/** A stored measurement; null if it cannot be had. */
async function stored<T>(file: JsonFile): Promise<T | null> {
  return (file.json() as Promise<T>).catch(() => null);
}

interface Manifest {
  readonly scores: {
    readonly ceiling: Readonly<Record<string, Scores>>;
    readonly samples: Readonly<Record<string, Readonly<Record<string, Scores>>>>;
    readonly baselines: Pick<StoredMeasures, "nearestCaption" | "marginals">;
    readonly command: string;
    readonly measuredAt: string;
  };
}

async function measuresOf(size: Size): Promise<StoredMeasures> {
  const [dvae, prior] = (await Promise.all([manifests[size].dvae.json(), manifests[size].prior.json()])) as Manifest[];
  const {samples, baselines, command, measuredAt} = prior!.scores;
  return {ceiling: dvae!.scores.ceiling, samples: samples["t=1"]!, ...baselines, command, measuredAt};
}

export const playGame = (): GameFigure => gameFigure(engine, {loadShipped});

const nothing: FrechetFile = {command: "", measuredAt: "", dataVersion: "", count: 0, runs: []};

export async function openBlur(): Promise<HTMLElement> {
  return blurFigure(engine, {stored: (await stored<FrechetFile>(files.frechet)) ?? nothing, loadShipped, loadClip});
}

export async function openScores(): Promise<HTMLElement> {
  return scoresFigure(engine, {stored: {s: await measuresOf("s"), xs: await measuresOf("xs")}, loadShipped});
}

export async function openLimits(): Promise<HTMLElement> {
  return limitsFigure(engine, {stored: (await measuresOf("s")).samples, loadShipped});
}

const noShares: SeenShareFile = {...nothing, captions: 0, temperature: 1, runs: []};

export async function trainOnFewer(): Promise<HTMLElement> {
  return shareTraining(engine, {
    loadShipped,
    stored: (await stored<SeenShareFile>(files.seenShare)) ?? noShares,
    curve: curveOf(await manifests.xs.prior.json())
  });
}

export async function openSeenShare(): Promise<HTMLElement> {
  return seenShareFigure((await stored<SeenShareFile>(files.seenShare)) ?? noShares);
}

/** All claims; those about votes follow the game. */
export async function allClaims(game: GameFigure): Promise<HTMLElement> {
  const measured = {
    ablations: await stored<AblationFile>(files.ablations),
    masks: await stored<StoredMasks>(files.masks),
    rerank: await stored<RerankFile>(files.rerank),
    seenShare: await stored<SeenShareFile>(files.seenShare),
    frechet: await stored<FrechetFile>(files.frechet),
    powerSgd: await stored<StoredPowerSgd>(files.powerSgd),
    precision: await stored<StoredPrecision>(files.precision),
    imageToImage: await stored<ImageToImageFile>(files.imageToImage),
    scores: await measuresOf("s")
  };
  const rows = () => claimRows({...measured, tallies: game.tallies});
  const table = claimsTable(rows());
  game.addEventListener("input", () => table.update(rows()));
  return table;
}

export const askDistance = (): Predict => predictDistance(engine, loadShipped, loadClip);
export async function askBinding(): Promise<Predict> {
  return predictBinding((await measuresOf("s")).samples);
}
