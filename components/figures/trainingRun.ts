// One training session as a figure holds it: what the reader wants, what has been reported, and what is stored.

import type {Series} from "../charts/curve.js";
import type {
  Hyper,
  Metrics,
  ProbeResult,
  ProbeSubscription,
  RunSpec,
  RunStatus,
  SessionEvent,
  SessionId,
  StoredRun
} from "../training/protocol.js";
import {type Gate, visibilityGate} from "../training/visibility.js";
import {type RunConfig, sameConfig} from "./choices.js";
import {keepCurves, keptCurves} from "./curveMemory.js";
import type {FigureEngine} from "./engine.js";

export interface TrainingRunOptions {
  /** Off screen the run rests. */
  readonly element: Element;
  /** Under this name the run is kept in the browser's storage. */
  readonly name: string;
  readonly probes: readonly ProbeSubscription[];
  /** What differs from the default configuration, at first; none by default. */
  readonly config?: RunConfig;
  /** 1 by default. */
  readonly seed?: number;
  /** What the session is when it opens; asked anew after `close`. */
  spec(seed: number): RunSpec;
  /** Awaited before the session opens, e.g. until the shipped weights that it starts from have been handed over. */
  prepare?(): Promise<void>;
  /** Whether training goes on while the tab is hidden. */
  goesOnHidden(): boolean;
  /** Something to show has changed. */
  onChange(): void;
  /** A sentence for the reader; problem when something went wrong. */
  onMessage(text: string, problem: boolean): void;
  onFinished?(): void;
}

export interface TrainingRun {
  readonly id: SessionId | null;
  readonly status: RunStatus;
  /** The reader wants it to train, though it may rest off screen. */
  readonly wanted: boolean;
  /** The values read last, the hyper-parameters in force included. */
  readonly latest: Metrics;
  readonly seed: number;
  /** What differs from the default configuration. */
  readonly config: RunConfig;
  /** What was reported of this metric, by step. */
  series(metric: string): Pick<Series, "steps" | "values">;
  probe(name: string): ProbeResult | undefined;
  /** Opens the session if it is not, and looks at its probes: for a figure that shows a model before it trains. */
  open(): Promise<void>;
  /** Whether it went on from what an earlier visit stored. */
  readonly resumed: boolean;
  /** Whether it shows the weights that come with the site, not yet trained on. */
  readonly shipped: boolean;
  train(): Promise<void>;
  pause(): void;
  step(): Promise<void>;
  reset(seed: number, config?: RunConfig): Promise<void>;
  setHyper(hyper: Hyper): void;
  /** Other arguments for one of its probes, from now on; it is looked at once more. */
  ask(probe: string, args: ProbeSubscription["args"]): void;
  save(): Promise<ArrayBuffer>;
  load(file: ArrayBuffer): Promise<void>;
  /** Opens with the run that an earlier visit stored, whatever its seed and settings; null, and nothing opened, if none. */
  resumeStored(): Promise<number | null>;
  /** Ends the session; the next call opens another. */
  close(): Promise<void>;
}

const idle: RunStatus = {state: "idle", step: 0, totalSteps: 0, stepsPerSecond: 0, secondsLeft: null};

export function trainingRun(engine: FigureEngine, options: TrainingRunOptions): TrainingRun {
  const {element, name, spec, prepare, onChange, onMessage, onFinished} = options;
  let {probes} = options;
  let id: SessionId | null = null;
  let opening: Promise<SessionId> | null = null;
  let status = idle;
  let latest: Metrics = {};
  let seed = options.seed ?? 1;
  let config: RunConfig = options.config ?? {};
  let wanted = false;
  let lookedOnce = false;
  let startsAnew = false; // the reader wants random weights, whatever is stored
  let resumedAt: number | null = null;
  let fromShipped = false;
  const reported = new Map<string, {steps: number[]; values: number[]}>();
  const probed = new Map<string, ProbeResult>();

  const gate: Gate = visibilityGate(element, {
    run: () => void attempt(async () => engine.train(await open())),
    rest: () => {
      if (id !== null && status.state === "training") void attempt(() => engine.pause(id!));
    },
    goesOnHidden: options.goesOnHidden
  });

  function listen(event: SessionEvent): void {
    if (event.type === "metrics") {
      latest = event.values;
      record(event.step, event.values);
      // The first pictures at once; those that follow come as often as was asked.
      if (!lookedOnce && id !== null) {
        lookedOnce = true;
        void lookAgain(id).catch(() => undefined);
      }
    } else if (event.type === "probe") {
      probed.set(event.name, event.result);
    } else if (event.type === "status") {
      const before = status.state;
      if (event.status.step < status.step) forgetAfter(event.status.step);
      status = event.status;
      const {state, message} = status;
      if (message !== undefined) onMessage(message, state === "failed");
      if (state === "failed") want(false);
      if (state === "finished" && before !== "finished") {
        want(false);
        onFinished?.();
      }
    } else {
      if (event.savedStep !== null) keepCurves(name, reported);
      if (event.message !== undefined) onMessage(event.message, true);
    }
    onChange();
  }
  function record(step: number, values: Metrics): void {
    for (const [metric, value] of Object.entries(values)) {
      if (metric.includes(".")) continue; // a part of a vector: only its latest is shown
      const found = reported.get(metric) ?? {steps: [], values: []};
      reported.set(metric, found);
      if (found.values.at(-1) === value) continue; // measured less often than it is reported
      found.steps.push(step);
      found.values.push(value);
    }
  }
  /** The run went back: what was reported of later steps no longer holds. */
  function forgetAfter(step: number): void {
    for (const {steps, values} of reported.values()) {
      const keep = steps.findIndex((s) => s > step);
      if (keep < 0) continue;
      steps.length = keep;
      values.length = keep;
    }
    if (step === 0) {
      probed.clear();
      latest = {};
      lookedOnce = false;
    }
  }
  /** The session; the first to ask opens it, with what an earlier visit stored of this very run if there is such. */
  function open(): Promise<SessionId> {
    opening ??= (async () => {
      try {
        await prepare?.();
        const opened = (await takeUp()) ?? (await openAnew());
        await engine.watch(opened, probes);
        await engine.keep(opened, name);
        return opened;
      } catch (error) {
        opening = null;
        throw error;
      }
    })();
    return opening;
  }
  async function openAnew(): Promise<SessionId> {
    const run = named();
    id = await engine.openSession(run, listen);
    fromShipped = run.start === "shipped" && !startsAnew; // a reset may have come meanwhile
    return id;
  }
  async function takeUp(): Promise<SessionId | null> {
    if (startsAnew) return null;
    const found = await stored();
    if (found === undefined || found.seed !== seed || !sameConfig(found.config, config)) return null;
    // Not from the shipped weights: what is stored takes their place at once.
    const opened = await engine.openSession({...named(), start: "random"}, listen);
    id = opened;
    try {
      resumedAt = await engine.resume(opened, name);
      if (resumedAt === null) throw new Error("it is no longer stored");
      for (const [metric, curve] of Object.entries(keptCurves(name, resumedAt))) reported.set(metric, curve);
      onMessage(`Your run of an earlier visit is here again, at step ${resumedAt}.`, false);
      return opened;
    } catch (error) {
      resumedAt = null;
      const reason = error instanceof Error ? error.message : String(error);
      onMessage(`The run of an earlier visit could not be taken up: ${reason}`, true);
      await engine.closeSession(opened);
      return null;
    }
  }
  async function stored(): Promise<StoredRun | undefined> {
    return (await engine.storedRuns()).find((run) => run.name === name);
  }
  function named(): RunSpec {
    return {...spec(seed), config, ...(startsAnew ? {start: "random"} : {})};
  }
  function want(training: boolean): void {
    wanted = training;
    gate.want(training);
  }
  /** Runs it and tells the reader if it fails. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      want(false);
      onMessage(error instanceof Error ? error.message : String(error), true);
      onChange();
      return undefined;
    }
  }
  async function lookAgain(session: SessionId): Promise<void> {
    for (const {name: probe, args} of probes) probed.set(probe, await engine.probe(session, probe, args));
    onChange();
  }

  return {
    get id() {
      return id;
    },
    get status() {
      return status;
    },
    get wanted() {
      return wanted;
    },
    get latest() {
      return latest;
    },
    get seed() {
      return seed;
    },
    get config() {
      return config;
    },
    series: (metric) => reported.get(metric) ?? {steps: [], values: []},
    probe: (probe) => probed.get(probe),
    async open() {
      await attempt(async () => lookAgain(await open()));
    },
    get resumed() {
      return resumedAt !== null;
    },
    get shipped() {
      return fromShipped && !reported.has("loss");
    },
    async train() {
      want(true);
      onChange();
      await attempt(open);
    },
    pause() {
      want(false);
      onChange();
    },
    async step() {
      want(false);
      await attempt(async () => {
        const session = await open();
        await engine.step(session);
        await lookAgain(session);
      });
    },
    async reset(nextSeed, nextConfig = config) {
      want(false);
      seed = nextSeed;
      config = nextConfig;
      startsAnew = true;
      resumedAt = null;
      fromShipped = false;
      await attempt(async () => {
        if (opening === null) return;
        await engine.reset(await opening, seed, config);
        forgetAfter(0);
      });
      onChange();
    },
    setHyper(hyper) {
      void attempt(async () => engine.setHyper(await open(), hyper));
    },
    ask(probe, args) {
      probes = probes.map((one) => (one.name === probe ? {...one, ...(args ? {args} : {})} : one));
      if (id === null) return;
      const session = id;
      void attempt(async () => {
        await engine.watch(session, probes);
        probed.set(probe, await engine.probe(session, probe, args));
        onChange();
      });
    },
    async save() {
      return engine.save(await open());
    },
    async load(file) {
      want(false);
      const session = await open();
      const loaded = await engine.load(session, file);
      seed = loaded.seed;
      config = loaded.config ?? {};
      fromShipped = false;
      await lookAgain(session);
    },
    async resumeStored() {
      const found = opening === null ? await stored() : undefined;
      if (found === undefined || opening !== null) return resumedAt; // another has opened it meanwhile
      seed = found.seed;
      config = found.config;
      await lookAgain(await open());
      return resumedAt;
    },
    async close() {
      want(false);
      const session = opening;
      opening = null;
      id = null;
      status = idle;
      startsAnew = true;
      resumedAt = null;
      fromShipped = false;
      forgetAfter(0);
      if (session !== null) await engine.closeSession(await session);
      onChange();
    }
  };
}
