import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, test} from "vitest";
import {assign} from "../../components/models/codebook.js";
import {nearestCodes, vqVaeShapes} from "../../components/models/vqvae.js";
import {dispose, read, tensor, useBackend} from "../../components/tensor/index.js";
import {stream} from "../../data/random.js";
import {formulaParams} from "./referenceCase.js";
import {config, gradients, type StoredTerms, type terms, vqVaeError} from "./vqvaeCase.js";

const stored = JSON.parse(readFileSync(new URL("../reference/vqvae.json", import.meta.url), "utf8")) as StoredTerms;
const partOf = (norms: Record<string, number>, part: string) =>
  Math.hypot(...Object.entries(norms).map(([name, norm]) => (name === part || name.startsWith(`${part}.`) ? norm : 0)));

describe.each(["wasm", "cpu"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  test("each term and its gradients agree with PyTorch in float64", async () => {
    const {error, where} = await vqVaeError(stored);
    expect(error, where).toBeLessThan(1e-4);
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
