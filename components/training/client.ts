// The page's handle on the worker: one worker a page, started when it is first needed. If it dies, hangs or loses its
// device, a fresh one takes over from the last checkpoints; callers see the same sessions, and a sentence says so.

import {type BackendChoice, backendChoice} from "./backendChoice.js";
import {CheckpointError, EngineError, StorageError} from "./errors.js";
import {type Generation, startGeneration, WorkerLostError, type WorkerPort} from "./generation.js";
import {PageSession} from "./pageSession.js";
import {clipHandle, pipelineHandle} from "./pipelineHandle.js";
import type {
  ArrayPayload,
  BackendName,
  BackendReport,
  ClipApi,
  EngineApi,
  Hyper,
  ModelName,
  NearestImages,
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
import {type NearestApi, searcher} from "./searcher.js";

/** The engine as a page has it: every call works across a change of workers. */
export interface EngineHandle extends EngineApi {
  /** The training images nearest to these, uint8 [n, H, W, 3]. The first call of a size takes seconds, elsewhere. */
  nearest(size: Size, images: ArrayPayload): Promise<NearestImages>;
  /** Goes over to this backend in a fresh worker, keeps it as the reader's choice, and keeps all sessions. */
  chooseBackend(name: BackendName): Promise<BackendReport>;
  /** Calls back with a sentence for the reader when a worker was replaced or a choice could not be honoured. */
  onNotice(listener: (sentence: string) => void): () => void;
  /** Calls back with the backend in use, now if it is known and whenever it changes. */
  onBackend(listener: (report: BackendReport) => void): () => void;
  /** Ends the worker. Only for tests: a page keeps its worker. */
  close(): void;
}

export interface ConnectOptions {
  /** Starts the worker in this role: "engine" or "nearest-images". */
  spawn(name: string): WorkerPort;
  readonly choice: BackendChoice;
  /** How long a worker may be silent before it counts as dead, in ms, and how long while it compiles kernels. */
  readonly patience?: {readonly usual: number; readonly busy: number};
}

let shared: EngineHandle | undefined;

/** The page's engine; nothing starts before the first call on it. */
export function connectEngine(): EngineHandle {
  if (!shared) {
    const spawn = (name: string): WorkerPort =>
      new Worker(import.meta.resolve("../../worker/engine.js"), {type: "module", name});
    const handle = new EngineClient({spawn, choice: backendChoice()});
    shared = handle;
    // A phone may end a hidden page without another word.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") handle.flushIfRunning();
    });
    addEventListener("pagehide", () => handle.flushIfRunning());
  }
  return shared;
}

/** A backend that was lost this often within so many ms is given up for WASM. */
const giveUp = {losses: 3, within: 120_000};

export class EngineClient implements EngineHandle {
  readonly #options: ConnectOptions;
  readonly #sessions = new Map<SessionId, PageSession>();
  readonly #shipped = new Map<string, {size: Size; model: ModelName; file: ArrayBuffer}>();
  readonly #notices = new Set<(sentence: string) => void>();
  readonly #backends = new Set<(report: BackendReport) => void>();
  #current: Promise<Generation> | null = null;
  #report: BackendReport | null = null;
  #backend: BackendName | undefined;
  #lossTimes: number[] = [];
  #nextId = 1;
  #closed = false;
  #searcher: (NearestApi & {end(): void}) | null = null;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#backend = options.choice.wanted();
  }

  async start(backend?: BackendName): Promise<BackendReport> {
    if (backend && !this.#current) this.#backend = backend;
    const {report} = await this.#generation();
    return report;
  }

  async chooseBackend(name: BackendName): Promise<BackendReport> {
    const before = await this.#generation().catch(() => null);
    if (before?.report.backend === name) {
      this.#options.choice.keep(name);
      return before.report;
    }
    // The sessions' newest states; those that cannot be had fall back on the last checkpoint.
    if (before)
      await Promise.allSettled([...this.#sessions.values()].map((session) => session.fetchCheckpoint(before)));
    const next = await this.#begin(name); // the worker before stays if this throws
    before?.end();
    this.#backend = name;
    this.#options.choice.keep(name);
    this.#current = Promise.race([this.#restored(next), next.lost]);
    return (await this.#current).report;
  }

  onNotice(listener: (sentence: string) => void): () => void {
    this.#notices.add(listener);
    return () => this.#notices.delete(listener);
  }

  onBackend(listener: (report: BackendReport) => void): () => void {
    this.#backends.add(listener);
    if (this.#report) listener(this.#report);
    return () => this.#backends.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#searcher?.end();
    this.#current?.then((generation) => generation.end()).catch(() => undefined);
  }

  async openSession(spec: RunSpec, listener: (event: SessionEvent) => void): Promise<SessionId> {
    const id = this.#nextId++;
    const session = new PageSession(id, spec, listener);
    await this.#call((generation) => session.open(generation));
    this.#sessions.set(id, session);
    return id;
  }

  train(id: SessionId, untilStep?: number): Promise<void> {
    return this.#on(id, (session, generation) => session.train(generation, untilStep));
  }

  pause(id: SessionId): Promise<void> {
    return this.#on(id, (session, generation) => session.pause(generation));
  }

  step(id: SessionId): Promise<void> {
    return this.#on(id, (session, {remote, ids}) => {
      session.wantsTraining = false;
      return remote.step(ids.get(id)!);
    });
  }

  reset(id: SessionId, seed: number, config?: RunSpec["config"]): Promise<void> {
    return this.#on(id, (session, generation) => session.reset(generation, seed, config));
  }

  setHyper(id: SessionId, hyper: Hyper): Promise<void> {
    return this.#on(id, (session, generation) => session.setHyper(generation, hyper));
  }

  probe(id: SessionId, name: string, args?: Readonly<Record<string, number | string>>): Promise<ProbeResult> {
    return this.#on(id, (_, {remote, ids}) => remote.probe(ids.get(id)!, name, args));
  }

  watch(id: SessionId, probes: readonly ProbeSubscription[]): Promise<void> {
    return this.#on(id, (session, generation) => session.watch(generation, probes));
  }

  save(id: SessionId): Promise<ArrayBuffer> {
    return this.#on(id, (_, {remote, ids}) => remote.save(ids.get(id)!));
  }

  load(id: SessionId, file: ArrayBuffer): Promise<Pick<RunSpec, "seed" | "config">> {
    return this.#on(id, (_, {remote, ids}) => remote.load(ids.get(id)!, file));
  }

  async closeSession(id: SessionId): Promise<void> {
    if (!this.#sessions.has(id)) return;
    await this.#on(id, (_, {remote, ids}) => remote.closeSession(ids.get(id)!));
    this.#sessions.delete(id);
  }

  keep(id: SessionId, name: string | null): Promise<void> {
    return this.#on(id, (session, generation) => session.keep(generation, name));
  }

  resume(id: SessionId, name: string): Promise<number | null> {
    return this.#on(id, (_, {remote, ids}) => remote.resume(ids.get(id)!, name));
  }

  storedRuns(): Promise<StoredRun[]> {
    return this.#call(({remote}) => remote.storedRuns());
  }

  deleteStoredRun(name: string): Promise<void> {
    return this.#call(({remote}) => remote.deleteStoredRun(name));
  }

  flush(): Promise<void> {
    return this.#call(({remote}) => remote.flush());
  }

  /** Stores kept runs if a worker runs; the page may be about to go. */
  flushIfRunning(): void {
    void this.#current?.then(({remote}) => remote.flush()).catch(() => undefined);
  }

  async provideShipped(size: Size, model: ModelName, file: ArrayBuffer): Promise<void> {
    await this.#call(({remote}) => remote.provideShipped(size, model, file));
    this.#shipped.set(`${size} ${model}`, {size, model, file}); // a fresh worker will need it again
  }

  async openPipeline(size: Size, dvae: WeightsSource, prior: WeightsSource): Promise<PipelineApi> {
    const open = ({remote, ids}: Generation) => remote.openPipeline(size, inWorker(dvae, ids), inWorker(prior, ids));
    return pipelineHandle((work) => this.#call(work), open);
  }

  openClip(size: Size, clip: WeightsSource): Promise<ClipApi> {
    return clipHandle(
      (work) => this.#call(work),
      ({remote, ids}) => remote.openClip(size, inWorker(clip, ids))
    );
  }

  nearest(size: Size, images: ArrayPayload): Promise<NearestImages> {
    this.#searcher ??= searcher(this.#options.spawn("nearest-images"));
    return this.#searcher.nearest(size, images);
  }

  memory(): Promise<{tensors: number; bytes: number}> {
    return this.#call(({remote}) => remote.memory());
  }

  #on<T>(id: SessionId, work: (session: PageSession, generation: Generation) => Promise<T>): Promise<T> {
    const session = this.#sessions.get(id);
    if (!session) return Promise.reject(new EngineError(`engine: expected an open session, got ${id}`));
    return this.#call((generation) => work(session, generation));
  }

  /** Asks the worker; if it is lost meanwhile, asks the next one again, twice at most. */
  async #call<T>(work: (generation: Generation) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; ++attempt) {
      const generation = await this.#generation();
      try {
        return await Promise.race([work(generation), generation.lost]);
      } catch (error) {
        if (error instanceof Error && error.name === "BackendLostError") generation.fail(error.message);
        else if (!(error instanceof WorkerLostError)) throw typed(error);
        if (attempt === 3) throw new EngineError(typed(error).message);
      }
    }
  }

  #generation(): Promise<Generation> {
    if (this.#closed) return Promise.reject(new EngineError("The engine was closed."));
    if (!this.#current) {
      const starting = this.#begin(this.#backend).catch(async (error) => {
        if (!this.#backend) throw error;
        this.#notify(`${typed(error).message}, so another backend was chosen.`);
        return this.#begin(undefined);
      });
      const restored = starting.then((generation) => Promise.race([this.#restored(generation), generation.lost]));
      this.#current = restored;
      restored.catch(() => {
        if (this.#current === restored) this.#current = null; // a later call may try again
      });
    }
    return this.#current;
  }

  async #begin(backend: BackendName | undefined): Promise<Generation> {
    const {spawn, patience} = this.#options;
    const generation = await startGeneration(spawn("engine"), backend, patience, (id, step, file) => {
      this.#sessions.get(id)?.holdCheckpoint(step, file);
    });
    generation.lost.catch((error: Error) => this.#replace(generation, error.message));
    return generation;
  }

  /** Puts everything that the page knows of into a worker. */
  async #restored(generation: Generation): Promise<Generation> {
    for (const {size, model, file} of this.#shipped.values()) await generation.remote.provideShipped(size, model, file);
    for (const session of this.#sessions.values()) await session.restore(generation);
    this.#report = generation.report;
    for (const listener of this.#backends) listener(generation.report);
    return generation;
  }

  #replace(generation: Generation, reason: string): void {
    if (generation.ended) return;
    generation.end();
    this.#current = null;
    const what = reason.replace(/\.$/, "");
    const now = Date.now();
    this.#lossTimes = [...this.#lossTimes.filter((time) => now - time < giveUp.within), now];
    if (this.#lossTimes.length >= giveUp.losses) {
      this.#lossTimes = [];
      this.#backend = "wasm";
      this.#notify(`${what}. As this has happened several times, WASM takes over.`);
    } else if (this.#sessions.size > 0) this.#notify(`${what}. A fresh worker goes on from the last checkpoint.`);
    if (this.#sessions.size > 0) this.#generation().catch((error) => this.#notify(typed(error).message));
  }

  #notify(sentence: string): void {
    for (const listener of this.#notices) listener(sentence);
  }
}

/** Session ids of the page as the worker's own. */
function inWorker(source: WeightsSource, ids: ReadonlyMap<SessionId, SessionId>): WeightsSource {
  return source.from === "session" ? {from: "session", id: ids.get(source.id) ?? -1} : source;
}

/** Errors lose their class on the way from the worker, but not their name. */
function typed(error: unknown): Error {
  if (!(error instanceof Error)) return new EngineError(String(error));
  if (error.name === "CheckpointError") return new CheckpointError(error.message);
  if (error.name === "StorageError") return new StorageError(error.message);
  return error;
}
