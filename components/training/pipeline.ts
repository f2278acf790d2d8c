// A dVAE and a prior in use: a caption becomes image tokens becomes an image (sections 2 and 2.6).

import {knownWords} from "../../data/scenes/words.js";
import {drawTokens} from "../models/draw.js";
import {decode, decodeTokens, encode, picture, tokensOf} from "../models/dvae.js";
import {type DvaeConfig, gridSize} from "../models/dvaeConfig.js";
import type {PriorRecipe} from "../models/recipe.js";
import {dispose, type Params, read, softmax, type Tensor, tensor, tidy} from "../tensor/index.js";
import {type Bpe, encodeText, normalizeText, pieces} from "../text/bpe.js";
import {boundTerms} from "./bound.js";
import {codebookPatches} from "./dvaeTask.js";
import {imageTensor, pixelsOf} from "./images.js";
import {textIds} from "./priorTask.js";
import type {
  ArrayPayload,
  BoundTerms,
  PipelineApi,
  Reconstruction,
  SampleRequest,
  SampleResult,
  SampleStep,
  TextTokens
} from "./protocol.js";
import {recipeBpe} from "./recipeBpe.js";

/** Weights that a pipeline draws with; params() is asked again at each use. */
export interface PipelineModels {
  readonly dvaeConfig: DvaeConfig;
  readonly priorRecipe: PriorRecipe;
  dvaeParams(): Params;
  priorParams(): Params;
}

/** Decode the unfinished grid no more often than this, in ms, so that drawing is not slowed by showing. */
const decodeEvery = 120;

export class Pipeline implements PipelineApi {
  readonly #models: PipelineModels;
  readonly #bpe: Bpe;
  #running: AbortController | null = null;

  constructor(models: PipelineModels) {
    this.#models = models;
    this.#bpe = recipeBpe(models.priorRecipe);
  }

  async describe() {
    const {dvaeConfig, priorRecipe} = this.#models;
    const {textLength, textVocabulary} = priorRecipe.config;
    return {
      imageSize: dvaeConfig.imageSize,
      grid: gridSize(dvaeConfig),
      codes: dvaeConfig.codes,
      textLength,
      textVocabulary
    };
  }

  async tokenize(caption: string): Promise<TextTokens> {
    const ids = encodeText(this.#bpe, caption);
    const known = new Set(knownWords(this.#models.priorRecipe.dataset));
    const words = normalizeText(caption)
      .split(/[^\p{L}\p{N}-]+/u)
      .filter((word) => word !== "");
    return {ids, pieces: pieces(this.#bpe, ids), unknownWords: words.filter((word) => !known.has(word))};
  }

  async sample(request: SampleRequest, onStep: (step: SampleStep) => void): Promise<SampleResult> {
    this.#running?.abort();
    const controller = new AbortController();
    this.#running = controller;
    const started = performance.now();
    const {priorRecipe} = this.#models;
    const text = textIds(this.#bpe, priorRecipe, request.caption);
    const params = copied(this.#models.priorParams());
    let lastDecoded = 0;
    try {
      const data = await drawTokens(
        params,
        priorRecipe.config,
        text,
        request,
        async (drawn, tokens) => {
          if (performance.now() - lastDecoded < decodeEvery) return onStep(drawn);
          const images = await this.decode(this.#grid(tokens, request.candidates));
          lastDecoded = performance.now();
          onStep({...drawn, images});
        },
        controller.signal
      );
      const tokens = this.#grid(data, request.candidates);
      return {tokens, images: await this.decode(tokens), seconds: (performance.now() - started) / 1000};
    } finally {
      dispose(params);
      if (this.#running === controller) this.#running = null;
    }
  }

  async cancel(): Promise<void> {
    this.#running?.abort();
  }

  async encode(images: ArrayPayload): Promise<Reconstruction> {
    const {dvaeConfig} = this.#models;
    const params = this.#models.dvaeParams();
    const made = tidy(() => {
      const logits = encode(params, dvaeConfig, imageTensor(images));
      const tokens = tokensOf(logits);
      const hard = picture(decodeTokens(params, dvaeConfig, tokens));
      return {tokens, hard, soft: picture(decode(params, dvaeConfig, softmax(logits)))};
    });
    const tokens = {shape: made.tokens.shape, data: Int32Array.from(await read(made.tokens))};
    const result = {tokens, soft: await pixelsOf(made.soft), hard: await pixelsOf(made.hard)};
    dispose(Object.values(made));
    return result;
  }

  async decode(tokens: ArrayPayload): Promise<ArrayPayload> {
    const {dvaeConfig} = this.#models;
    const images: Tensor = tidy(() =>
      picture(
        decodeTokens(
          this.#models.dvaeParams(),
          dvaeConfig,
          tensor(tokens.data as Int32Array, [...tokens.shape], "int32")
        )
      )
    );
    const result = await pixelsOf(images);
    dispose(images);
    return result;
  }

  codebook(): Promise<ArrayPayload> {
    return codebookPatches(this.#models.dvaeParams(), {config: this.#models.dvaeConfig});
  }

  bound(image: ArrayPayload, caption: string, draws: number, seed: number): Promise<BoundTerms> {
    const {dvaeConfig, priorRecipe} = this.#models;
    const text = textIds(this.#bpe, priorRecipe, caption);
    const models = {
      dvaeConfig,
      dvae: this.#models.dvaeParams(),
      recipe: priorRecipe,
      prior: this.#models.priorParams()
    };
    return boundTerms(models, {image, text, draws, seed});
  }

  async dispose(): Promise<void> {
    this.#running?.abort();
  }

  #grid(data: Int32Array, candidates: number): ArrayPayload {
    const {grid} = this.#models.priorRecipe.config;
    return {shape: [candidates, grid, grid], data};
  }
}

/** The parameters as they are now: training may go on while an image is drawn. */
function copied(params: Params): Params {
  return tidy(() => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.clone()])));
}
