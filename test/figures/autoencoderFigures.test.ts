// @vitest-environment jsdom
import {afterEach, beforeAll, describe, expect, test, vi} from "vitest";
import {spreadOf} from "../../components/charts/estimates.js";
import {betweenFigure} from "../../components/figures/autoencoder/betweenFigure.js";
import {emptyFigure} from "../../components/figures/autoencoder/emptyFigure.js";
import {type LiveModel, latestOnly, liveModel} from "../../components/figures/autoencoder/liveModel.js";
import {
  attributes,
  grouped,
  heldCount,
  meanSquare,
  nearestCode,
  nextPair
} from "../../components/figures/autoencoder/parts.js";
import {planeFigure} from "../../components/figures/autoencoder/planeFigure.js";
import {collapseFigure} from "../../components/figures/vae/collapseFigure.js";
import {histogram, normals, rightFormula, wrongFormula} from "../../components/figures/vae/draws.js";
import {scoreEstimates, throughEstimates} from "../../components/figures/vae/gradientEstimates.js";
import {gradientFigure} from "../../components/figures/vae/gradientFigure.js";
import {predictWrong, sampleFigure} from "../../components/figures/vae/sampleFigure.js";
import {betaOf, least, strengthOf} from "../../components/figures/vae/strength.js";
import {perNat} from "../../components/figures/vae/unit.js";
import type {ArrayPayload, ProbeResult} from "../../components/training/protocol.js";
import {attributesOf, heldScenes} from "../../components/training/sceneSource.js";
import {stream} from "../../data/random.js";
import {fakeEngine} from "./fakeEngine.js";
import {installBrowser, until} from "./setUp.js";

beforeAll(installBrowser);
afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
});

const floats = (shape: number[], of: (i: number) => number): ArrayPayload => ({
  shape,
  data: Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => of(i))
});
const images = (count: number): ArrayPayload => ({
  shape: [count, 16, 16, 3],
  data: new Uint8Array(count * 768).fill(90)
});

describe("nextPair(attribute, from, to)", () => {
  const known = heldScenes("all", heldCount).map(attributesOf);
  test.each(attributes)("differs in %s and in nothing else, and goes on to another pair", (attribute) => {
    const first = nextPair(attribute, 0, 0)!;
    const second = nextPair(attribute, ...first)!;
    expect(second).not.toEqual(first);
    for (const [i, j] of [first, second]) {
      const different = attributes.filter((name) => known[i]![name] !== known[j]![name]);
      expect(different).toEqual([attribute]);
    }
  });
});

/** A model whose numbers are formulas: μ = (1, −1), σ = 1/2 for every scene; f(z) = z₁². */
function fakeModel(): LiveModel & {readonly asked: string[]} {
  const asked: string[] = [];
  const answers: Record<string, (args: Readonly<Record<string, number | string>>) => ProbeResult> = {
    codes: () => ({mu: floats([128, 2], (i) => (i % 2 === 0 ? 1 : -1)), sigma: floats([128, 2], () => 0.5)}),
    decode: ({z}) => ({images: images(String(z).split(",").length / 2)}),
    reconstructions: ({count}) => ({inputs: images(Number(count)), outputs: images(Number(count))}),
    interpolation: ({steps}) => ({
      mixed: images(Number(steps)),
      decoded: images(Number(steps)),
      z: floats([Number(steps), 2], () => 0)
    }),
    samples: ({count}) => ({images: images(Number(count)), z: floats([Number(count), 2], (i) => i / 10)}),
    terms: ({strength}) => ({
      distortion: floats([], () => Number(strength) + 10),
      kl: floats([8], (i) => Math.max(0, 1 - i / 4)),
      error: floats([], () => 0.25),
      beta: floats([], () => betaOf(Number(strength)))
    }),
    gradients({count}) {
      const n = Number(count);
      const epsilon = stream(1, "test").fillNormal(new Float32Array(2 * n));
      const z = (i: number) => 1 + 0.5 * epsilon[2 * i]!;
      return {
        nats: floats([n], (i) => 100 + z(i) ** 2),
        through: floats([n, 2], (i) => (i % 2 === 0 ? 2 * z(i / 2) : 0)),
        epsilon: {shape: [n, 2], data: epsilon},
        z: floats([n, 2], () => 0),
        mu: floats([1, 2], () => 1),
        sigma: floats([1, 2], () => 0.5)
      };
    }
  };
  return {
    asked,
    run: {name: "fake", spec: (seed) => ({model: "vaePlane", size: "xs", seed})},
    async ask(probe, args = {}) {
      asked.push(`${probe} ${JSON.stringify(args)}`);
      return answers[probe]!(args);
    },
    hold() {},
    onChange() {},
    reported() {}
  };
}

const engine = () => ({
  ...fakeEngine(),
  nearest: async (_: unknown, {shape}: ArrayPayload) => ({
    images: images(shape[0]!),
    captions: [],
    distances: Array.from({length: shape[0]!}, (_, i) => 0.01 * (i + 1))
  })
});

describe("μ + σ ε", () => {
  test("has mean μ and standard deviation σ; the notes' formula has them the other way round", () => {
    const draws = normals(50_000);
    const [mu, sigma] = [1.5, 0.3];
    const right = spreadOf(Array.from(draws, (e) => rightFormula(mu, sigma, e)));
    const wrong = spreadOf(Array.from(draws, (e) => wrongFormula(mu, sigma, e)));
    expect(right.mean).toBeCloseTo(mu, 1);
    expect(right.deviation).toBeCloseTo(sigma, 1);
    expect(wrong.mean).toBeCloseTo(sigma, 1);
    expect(wrong.deviation).toBeCloseTo(mu, 1);
  });

  test("a histogram is a density", () => {
    const {y} = histogram(normals(10_000), -6, 6);
    expect(y.reduce((a, b) => a + b, 0) * (12 / y.length)).toBeCloseTo(1, 6);
  });

  test("the figure begins at the scene's own μ and σ, and takes them from the address if they are there", async () => {
    const first = sampleFigure(fakeModel());
    document.body.append(first);
    await until(() => first.textContent!.includes("This ε gives z₁ = 0.5."), "1 + 0.5 · (−1)");
    expect(first.textContent).toContain("This ε gives z₁ = −0.5."); // the notes': −1 · 1 + 0.5
    history.replaceState(null, "", "/?v=1&mu=2&sigma=0.1&eps=1");
    const second = sampleFigure(fakeModel());
    document.body.append(second);
    await until(() => second.textContent!.includes("This ε gives z₁ = 2.1."), "2 + 0.1");
  });

  test("the prediction is computed", async () => {
    const node = predictWrong();
    document.body.append(node);
    node.querySelectorAll<HTMLInputElement>("input")[2]!.click();
    node.querySelector("button")!.click();
    await until(() => node.looked, "the answer");
    expect(node.querySelector(".right")!.textContent).toContain("not at all");
  });
});

describe("the two gradients", () => {
  test("agree in their means, and differ in their spread", async () => {
    const {nats, through, epsilon, sigma} = await fakeModel().ask("gradients", {count: 200_000});
    const draws = {nats: nats!.data, through: through!.data, epsilon: epsilon!.data, sigma: sigma!.data, latents: 2};
    const [a, b, c] = [throughEstimates(draws, 0), scoreEstimates(draws, 0, false), scoreEstimates(draws, 0, true)].map(
      spreadOf
    );
    const exact = 2; // d/dμ E[(μ + σε)²] = 2μ
    for (const one of [a!, b!, c!])
      expect(Math.abs(one.mean - exact)).toBeLessThan((4 * one.deviation) / Math.sqrt(200_000));
    expect(a!.deviation).toBeCloseTo(1, 1); // of 2z
    expect(b!.deviation).toBeGreaterThan(c!.deviation);
    expect(c!.deviation).toBeGreaterThan(a!.deviation);
  });

  test("the figure tells the variances", async () => {
    const node = gradientFigure(fakeModel());
    document.body.append(node);
    await until(() => /Variance of one draw: [\d.]+ through/.test(node.textContent!), "the variances");
  });
});

test("β's slider: 2ᵗ − 2⁻⁶ from exactly 0, and back", () => {
  expect(betaOf(least)).toBe(0);
  for (const beta of [0, 0.1, 1, 64, 1000]) expect(betaOf(strengthOf(beta))).toBeCloseTo(beta, 9);
  expect(perNat("bits") * Math.LN2).toBe(1);
});

test("the collapse figure counts the latents that say something, in the reader's unit", async () => {
  const node = collapseFigure(engine(), fakeModel(), {step: [25], heldKl: [3], heldDistortion: [9]});
  document.body.append(node);
  await until(() => node.textContent!.includes("4 of 8 latents say anything"), "the bars");
  expect(node.textContent).toContain("1 nats");
  const unit = [...node.querySelectorAll("select")].at(-1)!;
  unit.value = "bits";
  unit.dispatchEvent(new Event("input", {bubbles: true}));
  await until(() => node.textContent!.includes("1.44 bits"), "bits");
  expect(location.search).toContain("cunit=bits");
});

test("the plane decodes the place that the reader points at", async () => {
  const model = fakeModel();
  const node = planeFigure(engine(), model, {step: [25], heldError: [0.1]});
  document.body.append(node);
  await until(() => model.asked.some((one) => one.includes('decode {"z":"0.0000,0.0000"}')), "the middle");
  node
    .querySelector("svg.latent-plane")!
    .dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true, cancelable: true}));
  await until(() => model.asked.filter((one) => one.startsWith("decode")).length > 1, "the next place");
  expect(node.textContent).toContain("The nearest scene’s mark is");
});

test("between and empty figures say how far their pictures are from any scene", async () => {
  const between = betweenFigure(engine(), fakeModel());
  const empty = emptyFigure(engine(), fakeModel());
  document.body.append(between, empty);
  await until(() => between.textContent!.includes("Half-way, the mixed pixels are 0.04"), "the middle of seven");
  await until(() => empty.textContent!.includes("The best is 0.01, the worst 0.08."), "the distances");
});

test("a bad setting in the address is told in the figure", async () => {
  history.replaceState(null, "", "/?v=1&draw=-3");
  const node = emptyFigure(engine(), fakeModel());
  expect(node.textContent).toContain("draw=-3 in the address is not");
});

test("parts: groups of scenes, and distances", () => {
  const {groups, groupOf} = grouped("topLeft", "background");
  expect(groups.map(({name}) => name)).toEqual(["night", "sand"]);
  expect(groupOf).toHaveLength(128);
  expect(meanSquare(images(1), 0, {shape: [1, 16, 16, 3], data: new Uint8Array(768).fill(90 + 51)}, 0)).toBeCloseTo(
    0.04,
    9
  );
  expect(nearestCode([0, 0, 3, 4], 1, {shape: [2, 2], data: Float32Array.of(0, 0, 3, 5)})).toBe(1);
});

test("latestOnly runs the last of the calls that came while it was busy", async () => {
  let runs = 0;
  const go = latestOnly(
    async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
    () => {}
  );
  for (let i = 0; i < 5; ++i) go();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(runs).toBe(2);
});

test("liveModel(engine, model, load) loads the shipped weights before it asks", async () => {
  const fake = engine();
  const order: string[] = [];
  const open = vi.fn(async () => {
    order.push("open");
    return 7;
  });
  const probe = vi.fn(async () => ({}));
  const model = liveModel({...fake, openSession: open, probe}, "aePlane", async () => void order.push("load"));
  await model.ask("codes");
  await model.ask("codes");
  expect(order).toEqual(["load", "open"]);
  expect(probe).toHaveBeenCalledWith(7, "codes", undefined);
});
