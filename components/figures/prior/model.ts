// The prior of this page as its figures share it: one session, looked at by probes and drawn with by a pipeline; and one
// caption with its image tokens.

import type {ArrayPayload, PipelineApi, ProbeResult} from "../../training/protocol.js";
import type {FigureEngine} from "../engine.js";
import type {TrainingRun} from "../trainingRun.js";

export interface PriorPipeline {
  readonly api: PipelineApi;
  readonly grid: number;
  readonly codes: number;
  readonly textLength: number;
  readonly textVocabulary: number;
  /** uint8 [K, p, p, 3] */
  readonly patches: ArrayPayload;
}

/** A caption, its text tokens, and image tokens that were drawn for it. */
export interface Subject {
  readonly caption: string;
  /** Pieces of the text tokens, then null for each pad. */
  readonly pieces: readonly (string | null)[];
  readonly tokens: Int32Array;
}

export interface PriorModel {
  /** The pattern setting that the session's model has now. */
  readonly masks: string;
  probe(name: string, args?: Readonly<Record<string, number | string>>): Promise<ProbeResult>;
  pipeline(): Promise<PriorPipeline>;
  /** Draws image tokens for a caption and makes both the subject of every figure. */
  draw(caption: string): Promise<Subject>;
  readonly subject: Subject | null;
  /** Told when the model or the subject has changed. */
  onChange(listener: (what: "model" | "subject") => void): void;
}

export interface PriorModelParts {
  readonly run: TrainingRun;
  open(): Promise<void>;
  /** Of the draw that makes a subject. */
  readonly seed: number;
}

export type SharedModel = PriorModel & {modelChanged(): void};

/** While it trains, figures are told of a new model no more often than this, in ms. */
const everySoOften = 900;

export function priorModel(engine: FigureEngine, parts: () => PriorModelParts): SharedModel {
  const listeners: ((what: "model" | "subject") => void)[] = [];
  let subject: Subject | null = null;
  let opened: {key: string; pipeline: Promise<PriorPipeline>} | null = null;
  let waiting = false;
  const tell = (what: "model" | "subject") => {
    for (const listener of listeners) listener(what);
  };

  async function session(): Promise<number> {
    const {run, open} = parts();
    await open();
    if (run.id === null) throw new Error("The prior could not be opened; see the training figure below.");
    return run.id;
  }
  async function openPipeline(id: number): Promise<PriorPipeline> {
    const api = await engine.openPipeline("xs", {from: "shipped"}, {from: "session", id});
    const [shape, patches] = await Promise.all([api.describe(), api.codebook()]);
    return {api, patches, ...shape};
  }
  async function pipeline(): Promise<PriorPipeline> {
    const id = await session();
    const key = `${id} ${JSON.stringify(parts().run.config)}`; // another pattern needs a pipeline of its own
    if (opened?.key !== key) {
      const old = opened;
      opened = {key, pipeline: openPipeline(id)};
      opened.pipeline.catch(() => {
        opened = null;
      });
      void old?.pipeline.then(({api}) => api.dispose()).catch(() => undefined);
    }
    return opened.pipeline;
  }
  return {
    get masks() {
      return String(parts().run.config.masks ?? "paper");
    },
    get subject() {
      return subject;
    },
    probe: async (name, args) => engine.probe(await session(), name, args),
    pipeline,
    async draw(caption) {
      const {api, textLength} = await pipeline();
      const {pieces} = await api.tokenize(caption);
      const request = {caption, seed: parts().seed, candidates: 1, temperature: 0.7, topK: 0, topP: 1, report: 1};
      const {tokens} = await api.sample(request, () => {});
      const cut = pieces.slice(0, textLength);
      const pads = Array.from({length: textLength - cut.length}, () => null);
      subject = {caption, pieces: [...cut, ...pads], tokens: Int32Array.from(tokens.data)};
      tell("subject");
      return subject;
    },
    onChange(listener) {
      listeners.push(listener);
    },
    modelChanged() {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        tell("model");
      }, everySoOften);
    }
  };
}
