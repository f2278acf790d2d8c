import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, test} from "vitest";
import {
  autoencoderLoss,
  autoencoderShapes,
  betaOf,
  initAutoencoder,
  klToNormal,
  reconstructionNats,
  reparameterise,
  strengths,
  vaeLoss
} from "../../components/models/autoencoder.js";
import {type AutoencoderConfig, autoencoderRecipe} from "../../components/models/autoencoderConfig.js";
import {parameterCount, sizeOf} from "../../components/models/weights.js";
import {type Params, read, tensor, useBackend} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";
import {largestError, summarised} from "./referenceCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/autoencoder.json", import.meta.url), "utf8"));

const toy: AutoencoderConfig = {
  imageSize: 8,
  widths: [3, 4, 5],
  hidden: 6,
  latents: 3,
  variational: false,
  nested: false,
  pixelScale: 0.5
};
const wave = (count: number, rate: number, middle = 0, height = 1) =>
  Float32Array.from({length: count}, (_, i) => middle + height * Math.sin(rate * i));
/** The formula of make-autoencoder.py. */
function formulaParams(config: AutoencoderConfig): Params {
  return Object.fromEntries(
    Array.from(autoencoderShapes(config), ([name, shape], offset) => {
      const shift = name.endsWith(".gain") ? 1 : 0;
      const data = Float32Array.from({length: sizeOf(shape)}, (_, i) => shift + 0.8 * Math.sin(1.7 * i + offset));
      return [name, tensor(data, [...shape])];
    })
  );
}
const images = () => tensor(wave(2 * 8 * 8 * 3, 0.9, 0.5, 0.45), [2, 8, 8, 3]);

describe.each(["wasm", "cpu"] as const)("forward and gradients on %s against PyTorch float64", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test("autoencoderLoss(params, config, x, mask)", async () => {
    const mask = tensor([1, 1, 0, 1, 1, 1], [2, 3]);
    const params = formulaParams(toy);
    const {error, where} = largestError(
      await summarised(params, (p) => autoencoderLoss(p, toy, images(), mask)),
      stored.autoencoder
    );
    expect(error, where).toBeLessThan(1e-4);
  });

  test("vaeLoss(params, config, x, epsilon, strength)", async () => {
    const config = {...toy, variational: true};
    const params = formulaParams(config);
    const epsilon = tensor(wave(6, 2.3), [2, 3]);
    const strength = tensor([0.3, 5.2], [2, 1]);
    const {error, where} = largestError(
      await summarised(params, (p) => vaeLoss(p, config, images(), epsilon, strength)),
      stored.vae
    );
    expect(error, where).toBeLessThan(1e-4);
  });
});

describe("the formulas", () => {
  beforeAll(async () => {
    await useBackend("wasm");
  });

  test("klToNormal is 0 at the prior and otherwise the mean of ln q − ln p over draws", async () => {
    expect(await read(klToNormal(tensor([0]), tensor([0])))).toEqual(Float32Array.of(0));
    const [mu, logVariance] = [0.7, -1.3];
    const [exact] = await read(klToNormal(tensor([mu]), tensor([logVariance])));
    const n = 200_000;
    const draws = stream(3, "kl").fillNormal(new Float32Array(n));
    let sum = 0;
    for (const e of draws) {
      const z = mu + Math.exp(logVariance / 2) * e;
      sum += (z * z - e * e - logVariance) / 2;
    }
    expect(sum / n).toBeCloseTo(exact!, 2);
  });

  test("reparameterise has mean μ and standard deviation σ", async () => {
    const n = 100_000;
    const epsilon = tensor(stream(4, "z").fillNormal(new Float32Array(n)));
    const z = Array.from(await read(reparameterise(tensor([1.5]), tensor([Math.log(0.04)]), epsilon)));
    const mean = z.reduce((a, b) => a + b, 0) / n;
    expect(mean).toBeCloseTo(1.5, 2);
    expect(Math.sqrt(z.reduce((a, b) => a + (b - mean) ** 2, 0) / n)).toBeCloseTo(0.2, 2);
  });

  test("reconstructionNats is the Gaussian's own density", async () => {
    const config = {...toy, imageSize: 4, pixelScale: 0.3};
    const [x, picture] = [wave(48, 0.7, 0.5, 0.4), wave(48, 0.4, 0.5, 0.4)];
    const expected = Array.from(x, (v, i) => {
      const density = Math.exp(-((v - picture[i]!) ** 2) / (2 * 0.09)) / (0.3 * Math.sqrt(2 * Math.PI));
      return -Math.log(density);
    }).reduce((a, b) => a + b, 0);
    const shape = [1, 4, 4, 3];
    const [nats] = await read(reconstructionNats(config, tensor(x, shape), tensor(picture, shape)));
    expect(nats).toBeCloseTo(expected, 3);
  });

  test("betaOf begins at exactly 0, and its strengths reach past 1000", async () => {
    const [none, most] = await read(betaOf(tensor([strengths.least, strengths.most])));
    expect(none).toBe(0);
    expect(most).toBeCloseTo(1024 - 1 / 64, 2);
  });
});

test("a shipped model has fewer than 150,000 parameters", () => {
  for (const name of ["ae", "aePlane", "vae", "vaePlane"] as const) {
    expect(parameterCount(autoencoderShapes(autoencoderRecipe(name).config)), name).toBeLessThan(150_000);
  }
});

test("what a VAE is told of β begins without effect", () => {
  const {config} = autoencoderRecipe("vae");
  const weights = initAutoencoder(config, stream(1, "test"));
  expect(weights["encoder.hidden.gain"]!.data.every((v) => v === 0)).toBe(true);
  expect(() => autoencoderRecipe("vae", {nonsense: 1})).toThrow("expected a setting");
});
