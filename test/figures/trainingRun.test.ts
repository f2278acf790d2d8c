// @vitest-environment jsdom
import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {trainingRun} from "../../components/figures/trainingRun.js";
import type {RunSpec, StoredRun} from "../../components/training/protocol.js";
import {type FakeEngine, fakeEngine} from "./fakeEngine.js";
import {installBrowser} from "./setUp.js";

beforeAll(installBrowser);
afterEach(() => document.body.replaceChildren());

const kept: StoredRun = {
  ...({name: "a run", model: "dvae", size: "xs", seed: 1, step: 40, savedAt: "", bytes: 1} as const),
  config: {}
};

/** A run that starts from the shipped weights, on an engine that has this one stored. */
function make(stored: StoredRun | null, engine: FakeEngine = fakeEngine()) {
  const element = document.createElement("div");
  document.body.append(element);
  const specs: RunSpec[] = [];
  const messages: string[] = [];
  const openSession = engine.openSession.bind(engine);
  engine.openSession = (spec, listener) => {
    specs.push(spec);
    return openSession(spec, listener);
  };
  engine.storedRuns = async () => (stored === null ? [] : [stored]);
  engine.resume = async (id) => {
    engine.calls.push(`resume ${id}`);
    return 40;
  };
  const run = trainingRun(engine, {
    element,
    name: "a run",
    probes: [],
    spec: (seed) => ({model: "dvae", size: "xs", seed, start: "shipped"}),
    goesOnHidden: () => false,
    onChange() {},
    onMessage: (text) => messages.push(text)
  });
  return {run, engine, specs, messages};
}

describe("trainingRun(engine, options)", () => {
  test("opens with the shipped weights where nothing is stored", async () => {
    const {run, specs} = make(null);
    await run.open();
    expect(specs).toMatchObject([{start: "shipped"}]);
    expect(run.resumed).toBe(false);
  });

  test("opens with the run that an earlier visit stored, and says so", async () => {
    const {run, engine, messages} = make(kept);
    await Promise.all([run.open(), run.open()]);
    expect(engine.calls.filter((call) => call.startsWith("resume"))).toEqual(["resume 1"]);
    expect(run.resumed).toBe(true);
    expect(messages).toEqual(["Your run of an earlier visit is here again, at step 40."]);
  });

  test("leaves a stored run of another seed or other settings alone, but for resumeStored()", async () => {
    for (const other of [
      {...kept, seed: 2},
      {...kept, config: {codes: 24}}
    ]) {
      const shown = make(other);
      await shown.run.open();
      expect(shown.run.resumed).toBe(false);
      const taken = make(other);
      expect(await taken.run.resumeStored()).toBe(40);
      expect(taken.run).toMatchObject({seed: other.seed, config: other.config, resumed: true});
    }
  });

  test("a reset that comes before the session is open makes the weights random", async () => {
    const {run, specs, engine} = make(kept);
    await run.reset(1);
    await run.open();
    expect(specs).toMatchObject([{start: "random"}]);
    expect(engine.calls.some((call) => call.startsWith("resume"))).toBe(false);
  });

  test("a reset that comes while the session is being opened waits for it", async () => {
    const {run, engine} = make(kept);
    const opened = run.open();
    await run.reset(1);
    await opened;
    expect(engine.calls.at(-1)).toBe("reset 1 1 {}");
    expect(run.resumed).toBe(false);
  });

  test("a reset that comes while the shipped weights are being opened leaves none of them", async () => {
    const {run, engine} = make(null);
    const openSession = engine.openSession;
    let reset: Promise<void> | undefined;
    engine.openSession = (spec, listener) => {
      reset = run.reset(1);
      return openSession(spec, listener);
    };
    await run.open();
    await reset;
    expect(engine.calls.at(-1)).toBe("reset 1 1 {}");
    expect(run.shipped).toBe(false);
  });

  test("a stored run that cannot be read is told, and the shipped weights open", async () => {
    const {run, engine, specs, messages} = make(kept);
    engine.resume = () => Promise.reject(new Error("The file is cut off."));
    await run.open();
    expect(messages).toEqual(["The run of an earlier visit could not be taken up: The file is cut off."]);
    expect(specs.at(-1)).toMatchObject({start: "shipped"});
  });
});
