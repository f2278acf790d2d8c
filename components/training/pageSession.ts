// What the page remembers of a session, so that a fresh worker can take it up.

import * as Comlink from "comlink";
import type {Generation} from "./generation.js";
import type {Hyper, ProbeSubscription, RunSpec, SessionEvent, SessionId} from "./protocol.js";

export class PageSession {
  readonly #id: SessionId;
  readonly #listener: (event: SessionEvent) => void;
  #spec: RunSpec;
  #hyper: Hyper = {};
  #probes: readonly ProbeSubscription[] = [];
  #keptAs: string | null = null;
  #untilStep: number | undefined;
  #checkpoint: {step: number; file: ArrayBuffer} | null = null;
  #restoring = false;
  /** Whether the reader means it to train; a fresh worker then trains on. */
  wantsTraining = false;

  constructor(id: SessionId, spec: RunSpec, listener: (event: SessionEvent) => void) {
    this.#id = id;
    this.#spec = spec;
    this.#listener = listener;
  }

  async open({remote, ids}: Generation): Promise<void> {
    const {dvae} = this.#spec;
    const spec =
      dvae?.from === "session" ? {...this.#spec, dvae: {...dvae, id: ids.get(dvae.id) ?? -1}} : {...this.#spec};
    const listener = (event: SessionEvent): void => {
      const settled = event.type === "status" && !["training", "failed"].includes(event.status.state);
      if (settled && !this.#restoring) this.wantsTraining = false; // a failure is not what the reader wanted
      if (event.type === "status" && event.status.state === "training") this.wantsTraining = true;
      this.#listener(event);
    };
    ids.set(this.#id, await remote.openSession(spec, Comlink.proxy(listener)));
  }

  /** Opens the session in a fresh worker and brings it to where it was. Its listener is told if that fails. */
  async restore(generation: Generation): Promise<void> {
    this.#restoring = true; // a session that is being opened says that it is idle
    try {
      await this.open(generation);
      const id = generation.ids.get(this.#id)!;
      const {remote} = generation;
      await remote.setHyper(id, this.#hyper);
      await remote.watch(id, this.#probes);
      if (this.#checkpoint) await remote.load(id, this.#checkpoint.file);
      if (this.#keptAs !== null) await remote.keep(id, this.#keptAs);
      if (this.wantsTraining) await this.train(generation, this.#untilStep);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `The run could not be taken up again: ${reason}`;
      const step = this.#checkpoint?.step ?? 0;
      const status = {state: "failed", step, totalSteps: 0, stepsPerSecond: 0, secondsLeft: null, message} as const;
      this.#listener({type: "status", status});
    } finally {
      this.#restoring = false;
    }
  }

  async train({remote, ids}: Generation, untilStep?: number): Promise<void> {
    this.wantsTraining = true;
    this.#untilStep = untilStep;
    await remote.train(ids.get(this.#id)!, untilStep);
  }

  async pause({remote, ids}: Generation): Promise<void> {
    this.wantsTraining = false;
    await remote.pause(ids.get(this.#id)!);
  }

  async reset({remote, ids}: Generation, seed: number, config?: RunSpec["config"]): Promise<void> {
    this.wantsTraining = false;
    await remote.reset(ids.get(this.#id)!, seed, config);
    this.#spec = {...this.#spec, seed, ...(config === undefined ? {} : {config})};
  }

  async setHyper({remote, ids}: Generation, hyper: Hyper): Promise<void> {
    this.#hyper = {...this.#hyper, ...hyper};
    await remote.setHyper(ids.get(this.#id)!, hyper);
  }

  async watch({remote, ids}: Generation, probes: readonly ProbeSubscription[]): Promise<void> {
    this.#probes = probes;
    await remote.watch(ids.get(this.#id)!, probes);
  }

  async keep({remote, ids}: Generation, name: string | null): Promise<void> {
    this.#keptAs = name;
    await remote.keep(ids.get(this.#id)!, name);
  }

  /** The newest good state, sent by the worker now and then. */
  holdCheckpoint(step: number, file: ArrayBuffer): void {
    this.#checkpoint = {step, file};
  }

  /** Asks for the state as it is now. */
  async fetchCheckpoint({remote, ids}: Generation): Promise<void> {
    const id = ids.get(this.#id);
    if (id !== undefined) this.#checkpoint = {step: 0, file: await remote.save(id)};
  }
}
