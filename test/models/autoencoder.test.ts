import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, test} from "vitest";
import {
  autoencoderShapes,
  betaOf,
  initAutoencoder,
  klToNormal,
  reconstructionNats,
  reparameterise,
  strengths
} from "../../components/models/autoencoder.js";
import {autoencoderRecipe} from "../../components/models/autoencoderConfig.js";
import {parameterCount} from "../../components/models/weights.js";
import {read, tensor, useBackend} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";
import {autoencoderResults, toy, vaeResults, wave} from "./autoencoderCase.js";
import {largestError} from "./referenceCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/autoencoder.json", import.meta.url), "utf8"));

describe.each(["wasm", "cpu"] as const)("forward and gradients on %s against PyTorch float64", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test.each([
    ["autoencoder", autoencoderResults],
    ["vae", vaeResults]
  ] as const)("%s", async (name, results) => {
    const {error, where} = largestError(await results(), stored[name]);
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
