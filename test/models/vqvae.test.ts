import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, test} from "vitest";
import {assign} from "../../components/models/codebook.js";
import {nearestCodes, vqLoss, vqVaeShapes} from "../../components/models/vqvae.js";
import {vqVaeRecipe} from "../../components/models/vqvaeConfig.js";
import {
  dispose,
  type Params,
  read,
  readScalar,
  tensor,
  useBackend,
  valueAndGrads
} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";
import {formulaParams} from "./referenceCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/vqvae.json", import.meta.url), "utf8")) as {
  values: Record<string, number>;
  grads: Record<string, Record<string, number>>;
};
const config = {
  ...vqVaeRecipe("vqvae").config,
  imageSize: 8,
  widths: [4, 6] as const,
  blocks: 1,
  codes: 5,
  dimensions: 3
};
const terms = ["reconstruction", "codebook", "commitment"] as const;
const none = {reconstruction: 0, codebook: 0, commitment: 0};

function images() {
  const data = Float32Array.from({length: 2 * 8 * 8 * 3}, (_, i) => 0.5 + 0.5 * Math.sin(1.7 * i + 9));
  return tensor(data, [2, 8, 8, 3]);
}

async function gradients(params: Params, term: (typeof terms)[number], backward = {sg: true, copy: true}) {
  const x = images();
  const {loss, grads, aux} = valueAndGrads(params, (p) => vqLoss(p, config, x, {...none, [term]: 1}, backward));
  const value = await readScalar(loss);
  const norms: Record<string, number> = {};
  for (const [name, grad] of Object.entries(grads)) norms[name] = Math.hypot(...(await read(grad)));
  dispose([x, loss, ...Object.values(grads), ...Object.values(aux)]);
  return {value, norms};
}

const partOf = (norms: Record<string, number>, part: string) =>
  Math.hypot(...Object.entries(norms).map(([name, norm]) => (name === part || name.startsWith(`${part}.`) ? norm : 0)));

describe.each(["wasm", "cpu"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test.each(terms)("the %s term and its gradients agree with PyTorch in float64", async (term) => {
    const params = formulaParams(vqVaeShapes(config));
    const {value, norms} = await gradients(params, term);
    expect(value).toBeCloseTo(stored.values[term]!, 4);
    for (const [name, norm] of Object.entries(stored.grads[term]!)) {
      expect(Math.abs(norms[name]! - norm), name).toBeLessThan(1e-4 * (1 + norm));
    }
    dispose(params);
  });

  test("each term moves what the paper says, and exactly nothing else", async () => {
    const params = formulaParams(vqVaeShapes(config));
    const moved = async (term: (typeof terms)[number]) => {
      const {norms} = await gradients(params, term);
      return ["encoder", "codebook", "decoder"].map((part) => partOf(norms, part) > 0);
    };
    expect(await moved("reconstruction")).toEqual([true, false, true]);
    expect(await moved("codebook")).toEqual([false, true, false]);
    expect(await moved("commitment")).toEqual([true, false, false]);
    dispose(params);
  });

  test("without the stop-gradient both terms move both sides alike; without the copy the picture moves the codebook", async () => {
    const params = formulaParams(vqVaeShapes(config));
    const open = {sg: false, copy: true};
    const [second, third] = [await gradients(params, "codebook", open), await gradients(params, "commitment", open)];
    for (const name of ["codebook", "encoder.output.weight"]) {
      expect(second.norms[name]).toBeGreaterThan(0);
      expect(second.norms[name]).toBeCloseTo(third.norms[name]!, 5);
    }
    const {norms} = await gradients(params, "reconstruction", {sg: true, copy: false});
    expect(["encoder", "codebook", "decoder"].map((part) => partOf(norms, part) > 0)).toEqual([false, true, true]);
    dispose(params);
  });

  test("nearestCodes(zE, codebook) is the nearest by distance", async () => {
    const random = stream(3, "points");
    const vectors = random.fillNormal(new Float32Array(50 * 4));
    const codebook = random.fillNormal(new Float32Array(7 * 4));
    const [z, e] = [tensor(vectors, [2, 5, 5, 4]), tensor(codebook, [7, 4])];
    const found = nearestCodes(z, e);
    expect([...(await read(found))]).toEqual([...assign(vectors, codebook, 4).codes]);
    dispose([found, z, e]);
  });
});
