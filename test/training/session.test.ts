import {beforeAll, describe, expect, test} from "vitest";
import {useBackend} from "../../components/tensor/index.js";
import {type Checkpoint, readCheckpoint, writeCheckpoint} from "../../components/training/checkpoint.js";
import type {RunSpec, SessionEvent} from "../../components/training/protocol.js";
import {Session, type SessionOptions} from "../../components/training/session.js";
import type {TrainerState} from "../../components/training/trainer.js";
import {LineTrainer} from "./lineTrainer.js";

const spec: RunSpec = {model: "dvae", size: "xs", seed: 7};

beforeAll(async () => {
  await useBackend("cpu");
});

async function open(options: Partial<SessionOptions> = {}, of = spec) {
  const events: SessionEvent[] = [];
  const session = await Session.open(of, {
    create: async (wanted) => new LineTrainer(wanted),
    emit: (event) => events.push(event),
    ...options
  });
  return {session, events};
}

async function run(session: Session, untilStep: number): Promise<void> {
  await session.train(untilStep);
  while (await session.advance());
}

/** Through a file, as a reader would. */
function filed(state: TrainerState, seed = spec.seed): Checkpoint {
  const metadata = {model: "dvae", size: "xs", seed, step: state.step, config: {}} as const;
  return readCheckpoint(
    writeCheckpoint({metadata: {...metadata, dataVersion: "1", provenance: "test", createdAt: "now"}, state})
  );
}

const losses = (events: SessionEvent[]) =>
  events.flatMap((event) => (event.type === "metrics" ? [[event.step, event.values.loss]] : []));
const statuses = (events: SessionEvent[]) => events.flatMap((event) => (event.type === "status" ? [event.status] : []));

describe("same name, same curve", () => {
  test("training 10 steps is training 5, saving, loading in a fresh session, and training 5, bit for bit", async () => {
    const whole = await open({metricsEvery: 1});
    await run(whole.session, 10);
    const first = await open({metricsEvery: 1});
    await run(first.session, 5);
    const second = await open({metricsEvery: 1}, {...spec, seed: 99}); // takes over the file's seed
    await second.session.load(filed(await first.session.state()));
    await run(second.session, 10);
    expect(await second.session.state()).toEqual(await whole.session.state());
    expect([...losses(first.events), ...losses(second.events)]).toEqual(losses(whole.events));
  });

  test("pausing and stepping changes nothing", async () => {
    const whole = await open();
    await run(whole.session, 8);
    const {session} = await open();
    await session.train(8);
    await session.advance();
    await session.pause();
    expect(await session.advance()).toBe(false);
    await session.step();
    await run(session, 8);
    expect(await session.state()).toEqual(await whole.session.state());
  });

  test("reset(seed) is a fresh session of that seed", async () => {
    const {session} = await open();
    await run(session, 5);
    await session.reset(8);
    expect(session.status).toMatchObject({state: "idle", step: 0});
    const fresh = await open({}, {...spec, seed: 8});
    expect(await session.state()).toEqual(await fresh.session.state());
    await run(session, 3);
    await run(fresh.session, 3);
    expect(await session.state()).toEqual(await fresh.session.state());
  });
});

test("setHyper holds from the next step on, and null gives the schedule back its say", async () => {
  const {session, events} = await open({metricsEvery: 1});
  await run(session, 1);
  session.setHyper({learningRate: 0.5});
  await run(session, 2);
  session.setHyper({learningRate: null});
  await run(session, 3);
  const rates = events.flatMap((event) => (event.type === "metrics" ? [event.values.learningRate] : []));
  expect(rates).toEqual([0.05, 0.5, 0.05]);
});

test("metrics come every metricsEvery steps and with the last one", async () => {
  const {session, events} = await open({metricsEvery: 4});
  await run(session, 10);
  expect(losses(events).map(([step]) => step)).toEqual([4, 8, 10]);
});

test("watched probes come at their steps", async () => {
  const {session, events} = await open();
  session.watch([{name: "line", every: 3}]);
  await run(session, 7);
  const probes = events.flatMap((event) => (event.type === "probe" ? [event.step] : []));
  expect(probes).toEqual([3, 6]);
  expect(() => session.watch([{name: "line", every: 0}])).toThrow("every so many steps, got 0");
});

test("progress, speed and remaining time", async () => {
  let clock = 0;
  const {session, events} = await open({metricsEvery: 1, now: () => (clock += 50)}, {...spec, config: {updates: 20}});
  await run(session, 10);
  await session.train();
  await session.advance();
  const status = statuses(events).at(-1)!;
  expect(status).toMatchObject({state: "training", step: 11, totalSteps: 20});
  expect(status.stepsPerSecond).toBeGreaterThan(0);
  expect(status.secondsLeft).toBeCloseTo(9 / status.stepsPerSecond);
  while (await session.advance());
  expect(session.status).toMatchObject({state: "finished", step: 20, secondsLeft: null});
  await session.train(); // a reader may go on past the schedules' end
  expect(await session.advance()).toBe(true);
  expect(session.status.step).toBe(21);
});

describe("divergence", () => {
  test("rolls back to the last good state, pauses and says what to change", async () => {
    const {session, events} = await open({goodEvery: {ms: Infinity, steps: 4}});
    await run(session, 6);
    await session.train();
    session.setHyper({learningRate: 1e30});
    while (await session.advance());
    const status = statuses(events).at(-1)!;
    expect(status.state).toBe("paused");
    expect(status.step).toBe(6); // good when it was paused there
    expect(status.message).toContain("went back to step 6");
    expect(status.message).toContain("Lower the step size (now 1e+30)");
    // The run goes on as if nothing had happened.
    session.setHyper({learningRate: null});
    await run(session, 10);
    const whole = await open();
    await run(whole.session, 10);
    expect(await session.state()).toEqual(await whole.session.state());
  });

  test("goes further back when it comes again from the same state", async () => {
    const {session} = await open();
    await run(session, 4);
    await session.state();
    await run(session, 5); // a step that proves it
    session.setHyper({learningRate: 1e4}); // bad, but not beyond all bounds
    await session.step();
    await session.pause();
    expect((await session.state()).step).toBe(6);
    session.setHyper({learningRate: 1e35});
    const steps: number[] = [];
    for (let i = 0; i < 3; ++i) {
      await run(session, 20);
      steps.push(session.status.step);
    }
    expect(steps).toEqual([6, 6, 5]);
    expect(session.status.state).toBe("paused");
  });

  test("is seen in a loss that explodes without ceasing to be finite", async () => {
    const {session} = await open({metricsEvery: 1});
    await run(session, 3);
    session.setHyper({learningRate: 1e6});
    await run(session, 10);
    expect(session.status).toMatchObject({state: "paused", step: 3});
  });

  test("is seen in the parameters too, before such a state is kept", async () => {
    const {session, events} = await open({
      create: async (wanted) =>
        new (class extends LineTrainer {
          override async state(): Promise<TrainerState> {
            const state = await super.state();
            if (this.step >= 3) state.tensors.get("params/slope")!.data[0] = Infinity;
            return state;
          }
        })(wanted)
    });
    await run(session, 2);
    await run(session, 4);
    expect(statuses(events).at(-1)).toMatchObject({state: "paused", step: 2});
    expect(statuses(events).at(-1)!.message).toContain("went back to step 2");
  });
});

describe("nothing is lost", () => {
  test("when a file does not fit", async () => {
    const {session} = await open();
    await run(session, 3);
    const before = await session.state();
    const good = filed(before);
    const {metadata} = good;
    await expect(session.load({...good, metadata: {...metadata, size: "s"}})).rejects.toThrow("size S");
    await expect(session.load({metadata, state: {step: 3, tensors: new Map()}})).rejects.toThrow("lacks the tensor");
    expect(await session.state()).toEqual(before);
  });

  test("when a reset cannot be made", async () => {
    let fail = false;
    const {session} = await open({
      create: async (wanted) => {
        if (fail) throw new Error("no memory");
        return new LineTrainer(wanted);
      }
    });
    await run(session, 3);
    fail = true;
    await expect(session.reset(1)).rejects.toThrow("no memory");
    expect(session.status.step).toBe(3);
    await run(session, 4);
    expect(session.status.step).toBe(4);
  });

  test("when something else fails: training stops with a sentence", async () => {
    const {session, events} = await open({
      create: async (wanted) =>
        new (class extends LineTrainer {
          override async update(): Promise<null> {
            throw new Error("the disk is on fire");
          }
        })(wanted)
    });
    await run(session, 3);
    expect(statuses(events).at(-1)).toMatchObject({state: "failed", message: "Training stopped: the disk is on fire"});
  });
});

test("a step under way is finished before a reset, and its trainer is not used afterwards", async () => {
  const {session} = await open();
  await session.train();
  const advancing = session.advance();
  const resetting = session.reset(3);
  const probing = session.probe("line");
  await Promise.all([advancing, resetting, probing]);
  expect(session.status).toMatchObject({state: "idle", step: 0});
  await session.close();
});

describe("buttons pressed in quick succession, each before the one before has done its work", () => {
  test.each([
    ["reset, then train", 0],
    ["step, then train", 1]
  ] as const)("%s: it trains", async (name, from) => {
    const {session} = await open();
    const before = from === 0 ? session.reset(3) : session.step();
    const training = session.train(from + 4);
    await before;
    await training;
    expect(session.status, name).toMatchObject({state: "training", step: from});
    while (await session.advance());
    expect(session.status.step).toBe(from + 4);
  });

  test.each(["pause", "step", "reset"] as const)("reset, train, then %s: it does not train", async (last) => {
    const {session} = await open();
    const resetting = session.reset(3);
    const training = session.train();
    const stopped = last === "reset" ? session.reset(4) : session[last]();
    await Promise.all([resetting, training, stopped]);
    expect(session.status.state).not.toBe("training");
    expect(await session.advance()).toBe(false);
    expect(session.status.step).toBe(last === "step" ? 1 : 0);
  });
});
