// What the page can ask of the worker: sessions, pipelines, and whose turn it is. Knows nothing of messages or DOM.

import {
  BackendLostError,
  type BackendName,
  type BackendReport,
  memory,
  onBackendLost,
  probeBackends,
  useBackend
} from "../tensor/index.js";
import {type Checkpoint, type CheckpointMetadata, readCheckpoint, writeCheckpoint} from "./checkpoint.js";
import type {EngineModels, LiveWeights, Weights} from "./engineModels.js";
import {Keeper} from "./keeper.js";
import {TrainingLoop} from "./loop.js";
import type {
  ClipApi,
  Hyper,
  ModelName,
  PipelineApi,
  ProbeResult,
  ProbeSubscription,
  RunSpec,
  SessionEvent,
  SessionId,
  Size,
  StoredRun,
  WeightsSource
} from "./protocol.js";
import {Session} from "./session.js";
import type {RunStore} from "./storage.js";
import type {TrainerState} from "./trainer.js";
import type {WorkerApi, WorkerNotice} from "./workerApi.js";

interface Entry {
  readonly session: Session;
  /** The session's turns in the loop. */
  readonly steps: {advance(): Promise<boolean>};
  /** Resolves when the listener has had every event so far: events and answers take different ways to the page. */
  delivered(): Promise<unknown>;
}

/** A session's first steps compile kernels. */
const slowSteps = 10;

export class Engine implements WorkerApi {
  readonly #models: EngineModels;
  readonly #loop = new TrainingLoop();
  readonly #sessions = new Map<SessionId, Entry>();
  readonly #shipped = new Map<string, Checkpoint>();
  readonly #keeper: Keeper;
  readonly #lost = new Promise<true>((resolve) => onBackendLost(() => resolve(true)));
  #notify: ((notice: WorkerNotice) => void) | null = null;
  #report: Promise<BackendReport> | null = null;
  #nextId = 1;
  #busy = 0;

  constructor(models: EngineModels, store: RunStore) {
    this.#models = models;
    this.#keeper = new Keeper(store);
  }

  async connect(listener: (notice: WorkerNotice) => void): Promise<void> {
    this.#notify = listener;
    onBackendLost((reason) => listener({type: "lost", reason}));
  }

  async ping(): Promise<void> {}

  start(backend?: BackendName): Promise<BackendReport> {
    this.#report ??= this.#patiently(() => (backend ? useBackend(backend) : probeBackends()));
    this.#report.catch(() => {
      this.#report = null; // another may be tried
    });
    return this.#report;
  }

  async openSession(spec: RunSpec, listener: (event: SessionEvent) => void): Promise<SessionId> {
    const id = this.#nextId++;
    let last: Promise<unknown> = Promise.resolve();
    const emit = (event: SessionEvent): void => {
      // A short run ends before its time to be stored has come.
      if (event.type === "status" && event.status.state === "finished") void this.#keeper.flush(id);
      // The page may be gone, or its listener may throw: neither concerns training.
      last = Promise.resolve(listener(event)).catch(() => undefined);
    };
    const session = await this.#patiently(() =>
      Session.open(spec, {
        create: (wanted) =>
          this.#models.createTrainer(wanted, (source, model) => this.#weights(source, model, wanted.size)),
        emit,
        onGoodState: (state) => this.#onGoodState(id, state, emit),
        isLost: () => this.#isLost(),
        onLost: (error) => this.#notify?.({type: "lost", reason: error.message})
      })
    );
    if (spec.start === "shipped") await session.adopt(this.#shippedWeights(spec.size, spec.model));
    let slow = slowSteps;
    const steps = {advance: () => (slow-- > 0 ? this.#patiently(() => session.advance()) : session.advance())};
    this.#sessions.set(id, {session, steps, delivered: () => last});
    return id;
  }

  async train(id: SessionId, untilStep?: number): Promise<void> {
    const {session, steps} = this.#entry(id);
    await session.train(untilStep);
    this.#loop.add(steps);
  }

  async pause(id: SessionId): Promise<void> {
    const {session, delivered} = this.#entry(id);
    await session.pause();
    await this.#keeper.flush(id);
    await delivered();
  }

  async step(id: SessionId): Promise<void> {
    const {session, delivered} = this.#entry(id);
    await this.#first(() => session.step());
    await delivered();
  }

  async reset(id: SessionId, seed: number, config?: RunSpec["config"]): Promise<void> {
    const {session, delivered} = this.#entry(id);
    await this.#first(() => session.reset(seed, config));
    await delivered();
  }

  async setHyper(id: SessionId, hyper: Hyper): Promise<void> {
    this.#session(id).setHyper(hyper);
  }

  probe(id: SessionId, name: string, args?: Readonly<Record<string, number | string>>): Promise<ProbeResult> {
    return this.#first(() => this.#session(id).probe(name, args));
  }

  async watch(id: SessionId, probes: readonly ProbeSubscription[]): Promise<void> {
    this.#session(id).watch(probes);
  }

  async save(id: SessionId): Promise<ArrayBuffer> {
    const session = this.#session(id);
    const state = await this.#first(() => session.state());
    return writeCheckpoint({metadata: this.#metadata(session.spec, state), state});
  }

  async load(id: SessionId, file: ArrayBuffer): Promise<Pick<RunSpec, "seed" | "config">> {
    const {session, delivered} = this.#entry(id);
    const checkpoint = readCheckpoint(file);
    const {dataVersion} = checkpoint.metadata;
    const message =
      dataVersion === this.#models.dataVersion
        ? undefined
        : `This run was trained on version ${dataVersion} of the scenes; from here it goes on with version ` +
          `${this.#models.dataVersion}.`;
    await this.#first(() => session.load(checkpoint, message));
    await delivered();
    const {seed, config = {}} = session.spec;
    return {seed, config};
  }

  async closeSession(id: SessionId): Promise<void> {
    const entry = this.#sessions.get(id);
    if (!entry) return;
    await this.#keeper.flush(id);
    this.#keeper.end(id);
    this.#sessions.delete(id);
    this.#loop.remove(entry.steps);
    await entry.session.close();
  }

  async keep(id: SessionId, name: string | null): Promise<void> {
    this.#session(id);
    if (name === null) this.#keeper.end(id);
    else this.#keeper.begin(id, name);
  }

  async resume(id: SessionId, name: string): Promise<number | null> {
    const file = await this.#keeper.store.get(name);
    if (!file) return null;
    await this.load(id, file);
    return this.#session(id).status.step;
  }

  storedRuns(): Promise<StoredRun[]> {
    return this.#keeper.store.list();
  }

  deleteStoredRun(name: string): Promise<void> {
    return this.#keeper.store.delete(name);
  }

  flush(): Promise<void> {
    return this.#keeper.flushAll();
  }

  async provideShipped(size: Size, model: ModelName, file: ArrayBuffer): Promise<void> {
    const checkpoint = readCheckpoint(file);
    const {metadata} = checkpoint;
    if (metadata.size !== size || metadata.model !== model) {
      throw new Error(`provideShipped: expected ${size} ${model}, got ${metadata.size} ${metadata.model}`);
    }
    this.#shipped.set(`${size} ${model}`, checkpoint);
  }

  async openPipeline(size: Size, dvae: WeightsSource, prior: WeightsSource): Promise<PipelineApi> {
    const [first, second] = [this.#live(size, dvae, "dvae"), this.#live(size, prior, "prior")];
    return this.#courteous(await this.#first(() => this.#models.createPipeline(size, first, second)));
  }

  async openClip(size: Size, source: WeightsSource): Promise<ClipApi> {
    const clip = await this.#first(() => this.#models.createClip(size, this.#live(size, source, "clip")));
    return {
      compare: (captions, images) => this.#first(() => clip.compare(captions, images)),
      embed: (images) => this.#first(() => clip.embed(images)),
      dispose: () => clip.dispose()
    };
  }

  async memory(): Promise<{tensors: number; bytes: number}> {
    const {numTensors, numBytes} = memory();
    return {tensors: numTensors, bytes: numBytes};
  }

  #entry(id: SessionId) {
    const entry = this.#sessions.get(id);
    if (!entry) throw new Error(`engine: expected an open session, got ${id}`);
    return entry;
  }

  #session(id: SessionId): Session {
    return this.#entry(id).session;
  }

  /** Training waits while a reader does. */
  async #first<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#loop.first(() => this.#patiently(work));
    } catch (error) {
      const named = error instanceof Error && ["CheckpointError", "BackendLostError"].includes(error.name);
      if (!named && (await this.#isLost())) throw new BackendLostError(String(error));
      throw error;
    }
  }

  /** Whether the device turns out to be lost: a failed read may be heard of before the loss itself. */
  #isLost(): Promise<boolean> {
    const soon = new Promise<false>((resolve) => setTimeout(() => resolve(false), 500));
    return Promise.race([this.#lost, soon]);
  }

  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy++ === 0) this.#notify?.({type: "busy", busy: true});
    try {
      return await work();
    } finally {
      if (--this.#busy === 0) this.#notify?.({type: "busy", busy: false});
    }
  }

  #courteous(pipeline: PipelineApi): PipelineApi {
    return {
      describe: () => pipeline.describe(),
      tokenize: (caption) => pipeline.tokenize(caption),
      sample: (request, onStep) => this.#first(() => pipeline.sample(request, onStep)),
      cancel: () => pipeline.cancel(),
      encode: (images) => this.#first(() => pipeline.encode(images)),
      decode: (tokens) => this.#first(() => pipeline.decode(tokens)),
      codebook: () => this.#first(() => pipeline.codebook()),
      bound: (image, caption, draws, seed) => this.#first(() => pipeline.bound(image, caption, draws, seed)),
      dispose: () => pipeline.dispose()
    };
  }

  async #weights(source: WeightsSource, model: ModelName, size: Size): Promise<Weights> {
    if (source.from === "shipped") return this.#shippedWeights(size, model);
    const session = this.#session(source.id);
    return {spec: session.spec, state: await session.state()};
  }

  #live(size: Size, source: WeightsSource, model: ModelName): LiveWeights {
    return source.from === "shipped"
      ? {fixed: this.#shippedWeights(size, model)}
      : {trainer: () => this.#session(source.id).trainer, spec: this.#session(source.id).spec};
  }

  #shippedWeights(size: Size, model: ModelName): Weights {
    const checkpoint = this.#shipped.get(`${size} ${model}`);
    if (!checkpoint) throw new Error(`engine: expected the shipped ${size} ${model}, but it has not been provided`);
    const {seed, config} = checkpoint.metadata;
    return {spec: {model, size, seed, config}, state: checkpoint.state};
  }

  #onGoodState(id: SessionId, state: TrainerState, emit: (event: SessionEvent) => void): void {
    const session = this.#sessions.get(id)?.session;
    if (!session) return; // still opening, at step 0
    const write = () => writeCheckpoint({metadata: this.#metadata(session.spec, state), state});
    this.#keeper.offer(id, {spec: session.spec, step: state.step, write, emit});
    this.#notify?.({type: "checkpoint", id, step: state.step, file: write()});
  }

  #metadata({model, size, seed, config = {}}: RunSpec, {step}: TrainerState): CheckpointMetadata {
    const {dataVersion} = this.#models;
    const createdAt = new Date().toISOString();
    return {model, size, seed, step, config, dataVersion, provenance: "trained in the notebook's page", createdAt};
  }
}
