// What the page and the worker say to each other. Everything here is plain data that survives a structured clone;
// Comlink carries the calls. A session is one model in training; a pipeline is a dVAE and a prior in use.

import type {BackendName, BackendReport} from "../tensor/backendReport.js";

export type {BackendName, BackendReport};

/** The two sizes of the miniature. XS: 16×16 pixels, 4×4 tokens. S: 32×32 pixels, 8×8 tokens. */
export type Size = "xs" | "s";

/** The models that can be trained; chapters add theirs here and in createTask.ts. */
export const modelNames = [
  "elbo",
  "dvae",
  "prior",
  "clip",
  "priorHalf",
  "priorParallel",
  "vqvae",
  "vqvaePlane",
  "gumbel",
  "ae",
  "aePlane",
  "vae",
  "vaePlane"
] as const;
export type ModelName = (typeof modelNames)[number];

/** Names a run: same spec, same curve. */
export interface RunSpec {
  readonly model: ModelName;
  readonly size: Size;
  readonly seed: number;
  /** What differs from the model's default configuration for this size. */
  readonly config?: Readonly<Record<string, number | string | boolean>>;
  /** For the prior: where the tokens come from. */
  readonly dvae?: WeightsSource;
  /** "shipped": with the site's weights, at their seed and step, to be looked at at once; a reset makes them random. */
  readonly start?: "random" | "shipped";
}

/** Where a model's weights come from: the shipped checkpoint, or a session of this worker. */
export type WeightsSource = {readonly from: "shipped"} | {readonly from: "session"; readonly id: SessionId};

export type SessionId = number;

/** Values that may change between two steps: tau, beta, learningRate, … null gives the schedule back its say. */
export type Hyper = Readonly<Record<string, number | null>>;

/** Numbers read after a step, by name: "loss", "hardError", "perplexity", … and the hyper-parameters in force. */
export type Metrics = Readonly<Record<string, number>>;

export interface ArrayPayload {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}
/** What a probe returns: named arrays. Images are uint8, [n, height, width, 3]. */
export type ProbeResult = Readonly<Record<string, ArrayPayload>>;

export type RunState = "idle" | "training" | "paused" | "finished" | "failed";

export interface RunStatus {
  readonly state: RunState;
  readonly step: number;
  /** The step at which the schedules end. */
  readonly totalSteps: number;
  readonly stepsPerSecond: number;
  /** Until the step at which training will stop; null while that is not known. */
  readonly secondsLeft: number | null;
  /** Why it failed, was rolled back or was resumed, as a sentence for the reader. */
  readonly message?: string;
}

/**
 * What a session tells its listener. A step below the one before means that the run went back to it (reset, load,
 * roll-back, resumed after a crash): what was reported of later steps no longer holds.
 */
export type SessionEvent =
  | {readonly type: "metrics"; readonly step: number; readonly values: Metrics}
  | {readonly type: "status"; readonly status: RunStatus}
  | {readonly type: "probe"; readonly step: number; readonly name: string; readonly result: ProbeResult}
  /** A kept run: the step now in the browser's storage, or a sentence why it could not be put there. */
  | {readonly type: "storage"; readonly savedStep: number | null; readonly message?: string};

export interface ProbeSubscription {
  readonly name: string;
  readonly every: number;
  readonly args?: Readonly<Record<string, number | string>>;
}

export interface SampleRequest {
  readonly caption: string;
  readonly seed: number;
  readonly candidates: number;
  /** Number of the first candidate, 0 by default: a candidate is named by the seed and its number. */
  readonly first?: number;
  /** t in softmax(ℓ / t); 0 means greedy. The paper uses 1. */
  readonly temperature: number;
  /** Keep the k most probable codes; 0 keeps all. */
  readonly topK: number;
  /** Keep the smallest set with at least this mass; 1 keeps all. */
  readonly topP: number;
  /** The first image tokens in raster order, given rather than sampled. */
  readonly prefix?: Int32Array;
  /** How many leading codes of each distribution to report. */
  readonly report: number;
}

/** One image position of every candidate. */
export interface SampleStep {
  readonly position: number;
  /** The token at this position, one per candidate. */
  readonly tokens: Int32Array;
  /** [candidates × report] codes with the largest probability, descending, and their probabilities at t = 1. */
  readonly topCodes: Int32Array;
  readonly topProbabilities: Float32Array;
  /** The same codes' probabilities as drawn from: after temperature, top-k and top-p. */
  readonly drawnProbabilities: Float32Array;
  /** Entropy in bits of the distribution sampled from, one per candidate. */
  readonly entropy: Float32Array;
  /** The grid so far, decoded: uint8 [candidates, H, W, 3]; sent when there was time to decode. */
  readonly images?: ArrayPayload;
}

export interface SampleResult {
  /** int32 [candidates, h, w]. */
  readonly tokens: ArrayPayload;
  /** uint8 [candidates, H, W, 3]. */
  readonly images: ArrayPayload;
  readonly seconds: number;
}

export interface TextTokens {
  /** BPE token ids without pads. */
  readonly ids: number[];
  readonly pieces: string[];
  /** Words that the training captions never used. */
  readonly unknownWords: string[];
}

export interface Reconstruction {
  /** int32 [n, h, w]: argmax of the encoder's logits. */
  readonly tokens: ArrayPayload;
  /** uint8 [n, H, W, 3]: decoded from softmax(logits) and from the hard tokens. */
  readonly soft: ArrayPayload;
  readonly hard: ArrayPayload;
}

/** Which caption goes with which image, by a trained CLIP. */
export interface Similarities {
  /** Cosines [captions, images]: how well the caption finds the image among others. */
  readonly textToImage: ArrayPayload;
  /** [images, captions]; the same numbers unless the model compares the two directions differently. */
  readonly imageToText: ArrayPayload;
  /** The learnt inverse temperature: softmax(scale · row) are the probabilities of the matches. */
  readonly scale: number;
}

/** The training images nearest to some others. */
export interface NearestImages {
  /** uint8 [n, H, W, 3]. */
  readonly images: ArrayPayload;
  readonly captions: readonly string[];
  /** Mean squared differences, of values in [0, 1]. */
  readonly distances: readonly number[];
}

/** The bound on ln p(x, y), in nats. Grids are [h, w]. */
export interface BoundTerms {
  /** K. */
  readonly codes: number;
  /** int32: the likeliest codes. */
  readonly tokens: ArrayPayload;
  /** E ln p_θ(x | z) over z from q_φ: a density of all sub-pixels, after the map φ. */
  readonly reconstruction: number;
  /** D_KL(q_φ(zᵢ | x) ‖ uniform) = ln K − H(q_φ(zᵢ | x)). */
  readonly uniformKl: ArrayPayload;
  /** E −ln p_ψ(zᵢ | y, z before i) over z from q_φ. */
  readonly crossEntropy: ArrayPayload;
  /** −ln p_ψ(zᵢ | y, z before i) of the likeliest codes. */
  readonly tokenCost: ArrayPayload;
  /** −ln p_ψ of each text token given those before it; pads are left out. */
  readonly text: Float32Array;
}

/** A dVAE and a prior in use. */
export interface PipelineApi {
  /** Sizes and vocabulary, for the figures. */
  describe(): Promise<{imageSize: number; grid: number; codes: number; textLength: number; textVocabulary: number}>;
  tokenize(caption: string): Promise<TextTokens>;
  /** Draws candidates; onStep is called once for each image position. A later call to cancel() ends it early. */
  sample(request: SampleRequest, onStep: (step: SampleStep) => void): Promise<SampleResult>;
  cancel(): Promise<void>;
  /** images: uint8 [n, H, W, 3]. */
  encode(images: ArrayPayload): Promise<Reconstruction>;
  /** tokens: int32 [n, h, w] → uint8 [n, H, W, 3]. */
  decode(tokens: ArrayPayload): Promise<ArrayPayload>;
  /** What each code looks like alone: uint8 [K, p, p, 3], the middle patch of a grid filled with it. */
  codebook(): Promise<ArrayPayload>;
  /** The terms of the bound on ln p(x, y); image: uint8 [1, H, W, 3]; z is drawn `draws` times. */
  bound(image: ArrayPayload, caption: string, draws: number, seed: number): Promise<BoundTerms>;
  dispose(): Promise<void>;
}

/** A CLIP in use. */
export interface ClipApi {
  /** images: uint8 [n, H, W, 3]. */
  compare(captions: readonly string[], images: ArrayPayload): Promise<Similarities>;
  /** Unit vectors [n, d] of images, uint8 [n, H, W, 3]: their place in the space shared with captions. */
  embed(images: ArrayPayload): Promise<ArrayPayload>;
  dispose(): Promise<void>;
}

/** A run in the browser's storage. */
export interface StoredRun {
  readonly name: string;
  readonly model: ModelName;
  readonly size: Size;
  readonly seed: number;
  readonly config: NonNullable<RunSpec["config"]>;
  readonly step: number;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly bytes: number;
}

export interface EngineApi {
  /** Chooses the backend (or the named one) and runs the self-test. Call once, first. */
  start(backend?: BackendName): Promise<BackendReport>;
  openSession(spec: RunSpec, listener: (event: SessionEvent) => void): Promise<SessionId>;
  /** Starts training and resolves at once; it stops at untilStep, by default where the schedules end. */
  train(id: SessionId, untilStep?: number): Promise<void>;
  /** Resolves when the step under way is done. */
  pause(id: SessionId): Promise<void>;
  /** One update, with its metrics; pauses first. */
  step(id: SessionId): Promise<void>;
  /** Back to step 0 with this seed, and with these settings in place of the spec's. */
  reset(id: SessionId, seed: number, config?: RunSpec["config"]): Promise<void>;
  setHyper(id: SessionId, hyper: Hyper): Promise<void>;
  probe(id: SessionId, name: string, args?: Readonly<Record<string, number | string>>): Promise<ProbeResult>;
  /** Probes to send as training goes. */
  watch(id: SessionId, probes: readonly ProbeSubscription[]): Promise<void>;
  /** A safetensors file with config, seed and provenance. */
  save(id: SessionId): Promise<ArrayBuffer>;
  /** Replaces the session's run by the file's, and names it; throws CheckpointError with a sentence if anything is wrong. */
  load(id: SessionId, file: ArrayBuffer): Promise<Pick<RunSpec, "seed" | "config">>;
  closeSession(id: SessionId): Promise<void>;
  /** Keeps the run in the browser's storage under this name, as training goes and on pause; null ends that. */
  keep(id: SessionId, name: string | null): Promise<void>;
  /** Loads the stored run of this name and gives its step; null if there is none. Throws CheckpointError as load does. */
  resume(id: SessionId, name: string): Promise<number | null>;
  storedRuns(): Promise<StoredRun[]>;
  deleteStoredRun(name: string): Promise<void>;
  /** Stores all kept runs now: the page is about to go. */
  flush(): Promise<void>;
  /** Shipped weights are fetched by the page (it knows the site's paths) and handed over once. */
  provideShipped(size: Size, model: ModelName, file: ArrayBuffer): Promise<void>;
  openPipeline(size: Size, dvae: WeightsSource, prior: WeightsSource): Promise<PipelineApi>;
  openClip(size: Size, clip: WeightsSource): Promise<ClipApi>;
  /** For tests: tensors and bytes that the backend holds. */
  memory(): Promise<{tensors: number; bytes: number}>;
}
