// One model in training: what the reader's buttons do to it, and how it comes back from bad numbers.

import {type Checkpoint, checkSpec, checkTensors} from "./checkpoint.js";
import type {Weights} from "./engineModels.js";
import {divergence, GoodStates, ruinedTensor} from "./goodStates.js";
import type {
  Hyper,
  Metrics,
  ProbeResult,
  ProbeSubscription,
  RunSpec,
  RunState,
  RunStatus,
  SessionEvent
} from "./protocol.js";
import {StepRate} from "./stepRate.js";
import {DivergedError, type Trainer, type TrainerState, withMoments} from "./trainer.js";

export interface SessionOptions {
  /** Makes the trainer of a spec, at step 0. */
  create(spec: RunSpec): Promise<Trainer>;
  emit(event: SessionEvent): void;
  /** A new good state, also kept here for the next roll-back. */
  onGoodState?(state: TrainerState): void;
  /** The device is gone: this worker cannot go on. */
  onLost?(error: Error): void;
  /** Asked when something fails: whether the device turns out to be gone, of which a failed read may be the first sign. */
  isLost?(): Promise<boolean>;
  /** Metrics are read every so many steps. */
  readonly metricsEvery?: number;
  /** A good state is taken this often while training, in ms or steps, whichever comes first. */
  readonly goodEvery?: {readonly ms: number; readonly steps: number};
  /** In ms. */
  now?(): number;
}

/** A loss so many times the first one counts as divergence, though it may still be finite. */
const explosion = 1000;

/** Everything that touches the trainer runs one after the other, so a reset never meets a step half done. */
export class Session {
  readonly #options: SessionOptions;
  readonly #metricsEvery: number;
  readonly #goodEvery: {readonly ms: number; readonly steps: number};
  readonly #now: () => number;
  readonly #rate: StepRate;
  #trainer: Trainer;
  #good: GoodStates;
  #goodAt: number;
  #firstLoss: number | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #state: RunState = "idle";
  #until = Infinity;
  #orders = 0;
  #hyper: Hyper = {};
  #probes: readonly ProbeSubscription[] = [];
  #message: string | undefined;
  #closed = false;

  static async open(spec: RunSpec, options: SessionOptions): Promise<Session> {
    const trainer = await options.create(spec);
    return new Session(trainer, await trainer.state(), options);
  }

  private constructor(trainer: Trainer, good: TrainerState, options: SessionOptions) {
    this.#trainer = trainer;
    this.#good = new GoodStates(good);
    this.#options = options;
    this.#metricsEvery = options.metricsEvery ?? 5;
    this.#goodEvery = options.goodEvery ?? {ms: 3000, steps: Infinity};
    this.#now = options.now ?? (() => performance.now());
    this.#rate = new StepRate(this.#now);
    this.#goodAt = this.#now();
    this.#tell();
  }

  get spec(): RunSpec {
    return this.#trainer.spec;
  }

  get trainer(): Trainer {
    return this.#trainer;
  }

  get status(): RunStatus {
    const {step, totalSteps} = this.#trainer;
    const stepsPerSecond = this.#rate.stepsPerSecond;
    const until = Number.isFinite(this.#until) ? this.#until : totalSteps;
    const known = stepsPerSecond > 0 && this.#state === "training" && until >= step;
    const secondsLeft = known ? (until - step) / stepsPerSecond : null;
    const status = {state: this.#state, step, totalSteps, stepsPerSecond, secondsLeft};
    return this.#message === undefined ? status : {...status, message: this.#message};
  }

  /**
   * Asks for steps up to untilStep, once what was asked for before is done; the caller then calls advance(). Past the
   * schedules' end it goes on without end.
   */
  train(untilStep?: number): Promise<void> {
    const order = ++this.#orders;
    return this.#alone(async () => {
      if (order !== this.#orders || this.#closed) return; // another button was pressed meanwhile
      const {step, totalSteps} = this.#trainer;
      this.#until = untilStep ?? (step < totalSteps ? totalSteps : Infinity);
      this.#rate.restart();
      if (step < this.#until) this.#become("training");
    });
  }

  /** One step if training; resolves to whether another is wanted. Never rejects. */
  advance(): Promise<boolean> {
    return this.#alone(async () => {
      if (this.#state !== "training" || this.#closed) return false;
      const next = this.#trainer.step + 1;
      await this.#update(next % this.#metricsEvery === 0 || next >= this.#until);
      if ((this.#state as RunState) === "training" && this.#trainer.step >= this.#until) {
        if (await this.#takeGood())
          this.#become(this.#trainer.step >= this.#trainer.totalSteps ? "finished" : "paused");
      }
      return (this.#state as RunState) === "training";
    });
  }

  async pause(): Promise<void> {
    this.#halt();
    await this.#alone(async () => {
      if (this.#trainer.step !== this.#good.newest.step) await this.#takeGood();
      this.#tell();
    });
  }

  async step(): Promise<void> {
    this.#halt();
    await this.#alone(async () => {
      await this.#update(true);
      if (this.#state !== "failed") this.#become("paused", this.#message);
    });
  }

  /** Back to step 0, with this seed and these settings. */
  async reset(seed: number, config = this.spec.config): Promise<void> {
    this.#halt();
    await this.#alone(async () => {
      await this.#replaceTrainer(withConfig({...this.spec, seed}, config), () => {});
      this.#become("idle");
    });
  }

  /** Takes effect at the next step. null gives the schedule back its say. */
  setHyper(hyper: Hyper): void {
    const merged = Object.entries({...this.#hyper, ...hyper});
    this.#hyper = Object.fromEntries(merged.filter(([, value]) => value !== null));
  }

  watch(probes: readonly ProbeSubscription[]): void {
    for (const {name, every} of probes) {
      if (!(Number.isInteger(every) && every > 0)) {
        throw new Error(`watch: expected ${name} every so many steps, got ${every}`);
      }
    }
    this.#probes = probes;
  }

  probe(name: string, args?: Readonly<Record<string, number | string>>): Promise<ProbeResult> {
    return this.#alone(() => this.#trainer.probe(name, args));
  }

  /** The state now; the last good one if the numbers are not finite. */
  state(): Promise<TrainerState> {
    return this.#alone(async () => {
      await this.#takeGood();
      return this.#good.newest;
    });
  }

  /**
   * Goes on from a checkpoint, with its seed and its choices; the message is told with the new status. Throws CheckpointError, and
   * changes nothing, if it does not fit.
   */
  async load({metadata, state}: Checkpoint, message?: string): Promise<void> {
    await this.#alone(async () => {
      checkSpec(metadata, this.spec);
      checkTensors(state.tensors, this.#good.newest.tensors);
      const spec = withConfig({...this.spec, seed: metadata.seed}, metadata.config);
      await this.#replaceTrainer(spec, (trainer) => trainer.restore(state));
      if (this.#state !== "training") this.#state = state.step === 0 ? "idle" : "paused";
      this.#become(this.#state, message);
    });
  }

  /** Goes on from weights without an optimiser's state, as the site ships them: its moments begin at nought. */
  async adopt({spec, state}: Weights): Promise<void> {
    await this.#alone(async () => {
      await this.#replaceTrainer(withConfig({...this.spec, seed: spec.seed}, spec.config), (trainer, fresh) =>
        trainer.restore({step: state.step, tensors: withMoments(state.tensors, fresh.tensors)})
      );
      this.#become(this.#trainer.step >= this.#trainer.totalSteps ? "finished" : "paused");
    });
  }

  async close(): Promise<void> {
    this.#state = "idle";
    await this.#alone(async () => {
      if (!this.#closed) this.#trainer.dispose();
      this.#closed = true;
    });
  }

  /** At once: the step under way is the last, and training that was asked for and has not begun does not. */
  #halt(): void {
    ++this.#orders;
    if (this.#state === "training") this.#state = "paused";
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** A trainer of this spec, prepared, in place of the one before; if anything throws, that one stays. */
  async #replaceTrainer(spec: RunSpec, prepare: (trainer: Trainer, fresh: TrainerState) => void): Promise<void> {
    const next = await this.#options.create(spec);
    let good: TrainerState;
    try {
      prepare(next, await next.state());
      good = await next.state();
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.#trainer.dispose();
    this.#trainer = next;
    this.#rate.restart();
    this.#firstLoss = null;
    this.#good = new GoodStates(good);
    this.#onGood(good);
  }

  /** One update with what follows from it: metrics, probes, a good state now and then. */
  async #update(read: boolean): Promise<void> {
    try {
      this.#message = undefined;
      const metrics = await this.#trainer.update(this.#hyper, read);
      this.#rate.count();
      const {step} = this.#trainer;
      // Without metrics, the loss of the step before is known to be finite.
      this.#good.prove(metrics ? step : step - 1);
      if (metrics) this.#report(step, metrics);
      for (const {name, every, args} of this.#probes) {
        if (step % every !== 0) continue;
        const result = await this.#trainer.probe(name, args);
        this.#options.emit({type: "probe", step, name, result});
      }
    } catch (error) {
      await this.#recover(error);
      return;
    }
    const due = this.#now() - this.#goodAt >= this.#goodEvery.ms;
    if (due || this.#trainer.step - this.#good.newest.step >= this.#goodEvery.steps) await this.#takeGood();
  }

  #report(step: number, values: Metrics): void {
    const {loss} = values;
    if (loss !== undefined) {
      this.#firstLoss ??= Math.abs(loss);
      if (Math.abs(loss) > explosion * Math.max(this.#firstLoss, 1)) {
        throw new DivergedError(step, `loss is ${loss}`);
      }
    }
    this.#options.emit({type: "metrics", step, values});
    this.#tell();
  }

  /** Takes the state as the good one; if its numbers are not finite, goes back to the last one and gives false. */
  async #takeGood(): Promise<boolean> {
    try {
      const state = await this.#trainer.state();
      const ruined = ruinedTensor(state);
      if (ruined !== null) throw new DivergedError(state.step, `${ruined} is not finite`);
      this.#good.keep(state);
      this.#onGood(state);
      return true;
    } catch (error) {
      await this.#recover(error);
      return false;
    }
  }

  #onGood(state: TrainerState): void {
    this.#goodAt = this.#now();
    this.#options.onGoodState?.(state);
  }

  async #recover(error: unknown): Promise<void> {
    if (error instanceof DivergedError) {
      const {step} = error;
      this.#good.prove(step - 1); // it is this step's loss that is not finite, at the latest
      const state = this.#good.goBack();
      this.#trainer.restore(state);
      this.#onGood(state); // what was stored since may be ruined
      this.#become("paused", divergence(step, state.step, this.#hyper));
    } else if (error instanceof Error && (error.name === "BackendLostError" || (await this.#options.isLost?.()))) {
      // The state stays as it is, so that the page knows in its fresh worker whether to train on.
      this.#closed = true;
      this.#options.onLost?.(error);
    } else {
      this.#become("failed", `Training stopped: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #become(state: RunState, message?: string): void {
    this.#state = state;
    this.#message = message;
    this.#tell();
  }

  #tell(): void {
    this.#options.emit({type: "status", status: this.status});
  }
}

function withConfig(spec: RunSpec, config: RunSpec["config"]): RunSpec {
  return config === undefined ? spec : {...spec, config};
}
