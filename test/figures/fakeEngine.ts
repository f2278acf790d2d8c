// A stand-in for the worker's handle: draws flat shapes, knows their tokens, and pretends to train.

import type {FigureEngine} from "../../components/figures/engine.js";
import type {
  ArrayPayload,
  Metrics,
  PipelineApi,
  ProbeResult,
  ProbeSubscription,
  RunState,
  SampleStep,
  SessionEvent,
  SessionId,
  Size
} from "../../components/training/protocol.js";
import {stream} from "../../data/random.js";
import {
  type Codebook,
  cut,
  distance,
  fakeCompare,
  fakeEmbed,
  fakeImage,
  fakeSimilarity,
  makeCodebook,
  shapes,
  words
} from "./fakeImages.js";

const small = [
  "a",
  "small",
  "large",
  "the",
  "with",
  "face",
  "on",
  "top",
  "left",
  "right",
  "bottom",
  "of",
  "and",
  "centre"
];
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface FakeOptions {
  /** Milliseconds that a token takes. */
  readonly tokenTime?: number;
  readonly startTime?: number;
  readonly stepTime?: number;
  /** Of stage 1; stage 2 has half as many. */
  readonly steps?: number;
}

/** Calls made, by name, for tests to look at. */
export interface FakeEngine extends FigureEngine {
  readonly calls: string[];
}

export function fakeEngine({tokenTime = 8, startTime = 50, stepTime = 20, steps = 3000}: FakeOptions = {}): FakeEngine {
  const calls: string[] = [];
  const sizes = {xs: 16, s: 32} as const;
  const codebooks = new Map<Size, Codebook>();
  const codebook = (size: Size) => {
    const made = codebooks.get(size) ?? makeCodebook(sizes[size], size === "s" ? 192 : 64);
    codebooks.set(size, made);
    return made;
  };
  const report = {backend: "wasm", description: "WASM SIMD, 1 thread", tried: []} as const;

  function decode(size: Size, tokens: ArrayPayload): ArrayPayload {
    const {patch, patches} = codebook(size);
    const [n, grid] = tokens.shape as [number, number];
    const side = grid * patch;
    const data = new Uint8Array(n * side * side * 3).fill(232);
    for (let i = 0; i < n * grid * grid; ++i) {
      const code = tokens.data[i]!;
      if (code < 0) continue;
      const image = Math.floor(i / (grid * grid));
      const cell = i % (grid * grid);
      for (let y = 0; y < patch; ++y) {
        const row = Math.floor(cell / grid) * patch + y;
        const to = ((image * side + row) * side + (cell % grid) * patch) * 3;
        const from = (code * patch + y) * patch * 3;
        data.set(patches.subarray(from, from + patch * 3), to);
      }
    }
    return {shape: [n, side, side, 3], data};
  }
  function ranked(size: Size, piece: Uint8Array): {code: number; d: number}[] {
    const {codes, patches} = codebook(size);
    const length = piece.length;
    return Array.from({length: codes}, (_, code) => ({
      code,
      d: distance(piece, patches.subarray(code * length, (code + 1) * length))
    })).sort((a, b) => a.d - b.d);
  }

  function pipeline(size: Size): PipelineApi {
    let run = 0;
    const side = sizes[size];
    const grid = side / 4;
    return {
      describe: async () => ({
        imageSize: side,
        grid,
        codes: codebook(size).codes,
        textLength: size === "s" ? 32 : 16,
        textVocabulary: 512
      }),
      async tokenize(caption) {
        const pieces = caption.toLowerCase().match(/ ?[a-z]{1,4}|[^a-z]/g) ?? [];
        const unknownWords = (caption.toLowerCase().match(/[a-z]+/g) ?? []).filter(
          (word) => !words.includes(word) && !small.includes(word)
        );
        return {ids: pieces.map((_, i) => 256 + i), pieces, unknownWords};
      },
      async sample(request, onStep) {
        calls.push(`sample ${request.caption}`);
        const mine = ++run;
        const started = performance.now();
        const {candidates, report: count, temperature, first = 0} = request;
        const area = grid * grid;
        const all = new Int32Array(candidates * area).fill(-1);
        const pieces = Array.from({length: candidates}, (_, c) =>
          cut(fakeImage(request.caption, request.seed * 10 + first + c, side), side, 4)
        );
        const random = stream(request.seed, "fake sample");
        for (let position = 0; position < area; ++position) {
          if (tokenTime > 0 || position % 8 === 0) await wait(tokenTime);
          if (run !== mine) throw new Error("cancelled");
          const step = {
            position,
            tokens: new Int32Array(candidates),
            topCodes: new Int32Array(candidates * count),
            topProbabilities: new Float32Array(candidates * count),
            drawnProbabilities: new Float32Array(candidates * count),
            entropy: new Float32Array(candidates)
          };
          for (let c = 0; c < candidates; ++c) {
            const order = ranked(size, pieces[c]![position]!).slice(0, count);
            const weigh = (t: number) => {
              const raw = order.map(({d}) =>
                Math.exp((Math.sqrt(order[0]!.d) - Math.sqrt(d)) / (9 * Math.max(t, 0.01)))
              );
              const sum = raw.reduce((a, b) => a + b, 1e-3);
              return raw.map((w) => w / sum);
            };
            const drawn = weigh(temperature);
            const u = random.uniform() * 0.9;
            let sum = 0;
            const index = Math.max(
              0,
              drawn.findIndex((p) => {
                sum += p;
                return u < sum;
              })
            );
            const given = request.prefix?.[position];
            const token = given ?? order[index]!.code;
            step.tokens[c] = token;
            all[c * area + position] = token;
            step.topCodes.set(
              order.map(({code}) => code),
              c * count
            );
            step.topProbabilities.set(weigh(1), c * count);
            step.drawnProbabilities.set(drawn, c * count);
            step.entropy[c] = -drawn.reduce((h, p) => h + p * Math.log2(Math.max(p, 1e-9)), 0);
          }
          const images = position % 4 === 3 ? decode(size, {shape: [candidates, grid, grid], data: all}) : undefined;
          const sent: SampleStep = images === undefined ? step : {...step, images};
          onStep(sent);
        }
        const tokens = {shape: [candidates, grid, grid], data: all};
        return {tokens, images: decode(size, tokens), seconds: (performance.now() - started) / 1000};
      },
      async cancel() {
        run += 1;
      },
      async encode(images) {
        calls.push("encode");
        const n = images.shape[0]!;
        const length = side * side * 3;
        const tokens = new Int32Array(n * grid * grid);
        for (let i = 0; i < n; ++i) {
          const image = Uint8Array.from(images.data.slice(i * length, (i + 1) * length));
          for (const [j, piece] of cut(image, side, 4).entries()) {
            tokens[i * grid * grid + j] = ranked(size, piece)[0]!.code;
          }
        }
        const payload = {shape: [n, grid, grid], data: tokens};
        const hard = decode(size, payload);
        const soft = Uint8Array.from(hard.data, (v, i) => Math.round((v + images.data[i]!) / 2));
        return {tokens: payload, soft: {shape: hard.shape, data: soft}, hard};
      },
      async decode(tokens) {
        calls.push("decode");
        return decode(size, tokens);
      },
      codebook: async () => {
        const {codes, patch, patches} = codebook(size);
        return {shape: [codes, patch, patch, 3], data: patches};
      },
      async bound(image) {
        const {tokens} = await this.encode(image);
        const {codes} = codebook(size);
        const along = (f: (i: number) => number) => ({
          shape: [grid, grid],
          data: Float32Array.from({length: grid * grid}, (_, i) => f(i))
        });
        return {
          codes,
          tokens: {shape: [grid, grid], data: tokens.data},
          reconstruction: side * side * 3 * 1.2,
          uniformKl: along(() => Math.log(codes) - 0.3),
          crossEntropy: along((i) => 2.5 / (1 + i / 4)),
          tokenCost: along((i) => 2 / (1 + i / 4)),
          text: new Float32Array([2, 1, 0.5])
        };
      },
      dispose: async () => {}
    };
  }

  interface Session {
    readonly totalSteps: number;
    readonly size: Size;
    readonly model: string;
    seed: number;
    step: number;
    state: RunState;
    hyper: Record<string, number | null>;
    watches: readonly ProbeSubscription[];
    readonly listener: (event: SessionEvent) => void;
    timer?: ReturnType<typeof setTimeout> | undefined;
  }
  const sessions = new Map<SessionId, Session>();
  const sessionOf = (id: SessionId) => {
    const found = sessions.get(id);
    if (found === undefined) throw new Error(`fakeEngine: expected an open session, got ${id}`);
    return found;
  };
  function status(s: Session, message?: string): void {
    s.listener({
      type: "status",
      status: {
        state: s.state,
        step: s.step,
        totalSteps: s.totalSteps,
        stepsPerSecond: stepTime > 0 ? 1000 / stepTime : 50,
        secondsLeft: ((s.totalSteps - s.step) * Math.max(stepTime, 20)) / 1000,
        ...(message === undefined ? {} : {message})
      }
    });
  }
  function metrics({model, step, totalSteps, hyper, seed}: Session): Metrics {
    const jitter = stream(seed, "metrics", step).normal() * 0.02;
    const done = step / totalSteps;
    const scheduled = {
      learningRate: hyper.learningRate ?? 1e-2 * Math.cos((done * Math.PI) / 2) ** 2 + 1e-5,
      ...(model === "dvae"
        ? {
            tau: hyper.tau ?? 1 - 0.5 * done,
            beta: hyper.beta ?? 0,
            noise: 0.5 * (1 - done),
            usageBonus: 1 - done,
            certaintyBonus: 0
          }
        : {textWeight: 1 / 8, imageWeight: 7 / 8})
    };
    const fall = Math.exp(-step / (totalSteps / 6));
    if (model === "priorHalf") {
      const scales = Array.from({length: 16}, (_, i) => [`scale${i + 1}`, (hyper.scale ?? 13) + step / 1000]);
      return {
        loss: 0.9 + 3 * fall + jitter,
        skipped: Math.floor(step / 20),
        ...Object.fromEntries(scales),
        ...scheduled
      };
    }
    if (model === "prior") {
      const image = 0.9 + 3 * fall + jitter;
      const text = 0.7 + 4 * fall + jitter;
      const places = Object.fromEntries(
        Array.from({length: 16}, (_, i) => [`positionLoss.${i}`, image + 0.3 * Math.sin(i)])
      );
      return {
        ...places,
        loss: image * 0.875 + text / 8,
        imageLoss: image,
        textLoss: text,
        heldImageLoss: image + 0.1,
        heldTextLoss: text + 0.05,
        ...scheduled
      };
    }
    if (model === "clip") {
      const pairs = 0.5 + 3.6 * fall + jitter;
      return {
        loss: pairs,
        pairLoss: pairs,
        textLoss: pairs + 0.1,
        imageLoss: pairs - 0.1,
        scale: 14.3 + 20 * done,
        heldLoss: pairs + 0.3,
        heldAccuracy: 0.9 - 0.8 * fall,
        seenNamed: 0.95 - 0.9 * fall,
        unseenNamed: 0.8 - 0.75 * fall,
        ...scheduled
      };
    }
    return {
      loss: 0.02 + 0.3 * fall + jitter * 0.1,
      softError: 0.004 + 0.06 * fall * Math.exp(jitter),
      hardError: 0.005 + 0.09 * fall * Math.exp(jitter),
      perplexity: 40 - 34 * fall,
      deadCodes: Math.round(4 + 50 * fall),
      ...scheduled
    };
  }
  function probe(s: Session, name: string, args: Readonly<Record<string, number | string>> = {}): ProbeResult {
    const side = sizes[s.size];
    const grid = side / 4;
    const fall = Math.exp(-s.step / (s.totalSteps / 6));
    const make = (captions: readonly string[]) => {
      const data = new Uint8Array(captions.length * side * side * 3);
      for (const [i, caption] of captions.entries()) data.set(fakeImage(caption, i, side), i * side * side * 3);
      return {shape: [captions.length, side, side, 3], data};
    };
    const fade = (image: ArrayPayload, by: number) => ({
      shape: image.shape,
      data: Uint8Array.from(image.data, (v, i) => v * (1 - by) + by * (190 + 30 * Math.sin(i)))
    });
    if (name === "similarity") return fakeSimilarity(Number(args.count), side, fall);
    if (name === "reconstructions") {
      const inputs = make(Array.from({length: 8}, (_, i) => `a ${words[i % 6]} ${shapes[i % 4]}`));
      return {inputs, soft: fade(inputs, fall * 0.8), hard: fade(inputs, Math.min(1, fall * 1.1 + 0.05))};
    }
    if (name === "gradients") {
      const counts = Float32Array.from({length: 16 * 96}, (_, i) => Math.max(0, 1000 - 15 * ((i % 96) - 44) ** 2));
      const line = (n: number, value: number) => ({shape: [n], data: new Float32Array(n).fill(value)});
      return {counts: {shape: [16, 96], data: counts}, zeros: line(16, 0), norms: line(16, 1e-3), first: line(1, -64)};
    }
    if (name === "positions") {
      return {image: {shape: [grid, grid], data: Float32Array.from({length: grid * grid}, (_, i) => fall + i / 100)}};
    }
    if (name === "usage") {
      const counts = Float32Array.from({length: codebook(s.size).codes}, (_, k) =>
        Math.max(0, Math.round(40 / (1 + ((k * 7) % 64)) - 10 * fall))
      );
      return {counts: {shape: [counts.length], data: counts}};
    }
    if (name === "samples") {
      const captions = String(args.captions ?? "").split("\n");
      const images = fade(make(captions), fall);
      return {
        images,
        tokens: {shape: [captions.length, grid, grid], data: new Int32Array(captions.length * grid * grid)}
      };
    }
    if (name === "schedule") {
      const at = (f: (x: number) => number) => ({
        shape: [101],
        data: Float32Array.from({length: 101}, (_, i) => f(i / 100))
      });
      const cosine = (x: number) => Math.cos((x * Math.PI) / 2) ** 2;
      if (s.model === "prior") return {learningRate: at((x) => 3e-3 * cosine(x) + 1e-5)};
      return {
        tau: at((x) => 0.5 + 0.5 * cosine(Math.min(1, x * 1.5))),
        beta: at(() => 0),
        learningRate: at((x) => Math.min(1, x * 60) * 1e-2 * cosine(x) + 1e-5)
      };
    }
    throw new Error(`fakeEngine: expected a known probe, got ${name}`);
  }
  function advance(s: Session): void {
    s.step += 1;
    s.listener({type: "metrics", step: s.step, values: metrics(s)});
    for (const {name, every, args} of s.watches) {
      if (s.step % every === 0) s.listener({type: "probe", step: s.step, name, result: probe(s, name, args)});
    }
    if (s.step % 50 === 0) s.listener({type: "storage", savedStep: s.step});
    if (s.step >= s.totalSteps) s.state = "finished";
    if (s.step % 5 === 0 || s.state === "finished") status(s);
  }

  return {
    calls,
    async start() {
      await wait(startTime);
      return report;
    },
    openPipeline: async (size) => {
      calls.push(`openPipeline ${size}`);
      return pipeline(size);
    },
    async openClip(size) {
      calls.push(`openClip ${size}`);
      return {
        compare: async (captions, images) => fakeCompare(captions, images),
        embed: async (images) => fakeEmbed(images),
        dispose: async () => undefined
      };
    },
    async nearest(size, images) {
      const [n = 0, side = 0] = images.shape;
      const captions = Array.from({length: n}, (_, i) => `a ${words[i % 6]} ${shapes[(i + 1) % 4]}`);
      const data = new Uint8Array(n * side * side * 3);
      for (const [i, caption] of captions.entries()) data.set(fakeImage(caption, i, sizes[size]), i * side * side * 3);
      return {images: {shape: images.shape, data}, captions, distances: captions.map((_, i) => 0.01 + i / 100)};
    },
    chooseBackend: async () => report,
    onNotice: () => () => {},
    onBackend(listener) {
      listener(report);
      return () => {};
    },
    keep: async () => {},
    resume: async () => null,
    storedRuns: async () => [],
    deleteStoredRun: async () => {},
    flush: async () => {},
    provideShipped: async () => {},
    async openSession({model, size, seed}, listener) {
      calls.push(`openSession ${model} ${size} ${seed}`);
      const id = sessions.size + 1;
      const session: Session = {
        model,
        size,
        seed,
        listener,
        step: 0,
        state: "idle",
        hyper: {},
        watches: [],
        totalSteps: model === "dvae" ? steps : steps / 2
      };
      sessions.set(id, session);
      status(session);
      return id;
    },
    async train(id) {
      const s = sessionOf(id);
      calls.push(`train ${id}`);
      if (s.state === "training") return;
      s.state = "training";
      status(s);
      const tick = () => {
        if (s.state !== "training") return;
        for (let i = 0; i < (stepTime > 0 ? 1 : 50) && s.state === "training"; ++i) advance(s);
        s.timer = setTimeout(tick, stepTime);
      };
      tick();
    },
    async pause(id) {
      const s = sessionOf(id);
      calls.push(`pause ${id}`);
      clearTimeout(s.timer);
      if (s.state === "training") s.state = "paused";
      status(s);
    },
    async step(id) {
      calls.push(`step ${id}`);
      const s = sessionOf(id);
      s.state = "paused";
      advance(s);
      status(s);
    },
    async reset(id, seed, config = {}) {
      const s = sessionOf(id);
      calls.push(`reset ${id} ${seed} ${JSON.stringify(config)}`);
      clearTimeout(s.timer);
      Object.assign(s, {seed, step: 0, state: "idle", hyper: {}});
      status(s);
    },
    async setHyper(id, hyper) {
      calls.push(`setHyper ${JSON.stringify(hyper)}`);
      Object.assign(sessionOf(id).hyper, hyper);
    },
    probe: async (id, name, args) => probe(sessionOf(id), name, args),
    async watch(id, probes) {
      for (const {name, args} of probes) calls.push(`watch ${id} ${name} ${JSON.stringify(args ?? {})}`);
      sessionOf(id).watches = probes;
    },
    save: async () => new TextEncoder().encode("fake checkpoint").buffer as ArrayBuffer,
    async load(id, file) {
      if (file.byteLength < 8) throw new Error("The file is too short to be a checkpoint");
      return {seed: sessionOf(id).seed, config: {}};
    },
    async closeSession(id) {
      clearTimeout(sessionOf(id).timer);
      sessions.delete(id);
    }
  };
}
