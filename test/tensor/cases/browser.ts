// The op suite's entry in the browser; test/tensor/browser.test.ts calls it.

import wasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import {
  type BackendName,
  currentBackend,
  onBackendLost,
  probeBackends,
  read,
  setReadTimeout,
  setWasmBinary,
  square,
  tensor,
  useBackend
} from "../../../components/tensor/index.js";
import {webgpuFastOps} from "../../../components/tensor/webgpu/index.js";
import {useDirectProducts} from "../../../components/tensor/webgpu/products.js";
import {make, run, type Shader} from "../../../components/tensor/webgpu/shader.js";
import {autoencoderResults, vaeResults} from "../../models/autoencoderCase.js";
import {clipCases, clipResults} from "../../models/clipCase.js";
import {dvaeResults, largestError, priorResults} from "../../models/referenceCase.js";
import {vqVaeError} from "../../models/vqvaeCase.js";
import autoencoders from "../../reference/autoencoder.json" with {type: "json"};
import clip from "../../reference/clip.json" with {type: "json"};
import stored from "../../reference/models.json" with {type: "json"};
import vqvae from "../../reference/vqvae.json" with {type: "json"};
import {adamWErrors} from "./adamW.js";
import {cases} from "./index.js";
import {randomDigest} from "./random.js";
import {runCase} from "./run.js";
import {trainSmallModel} from "./training.js";

setWasmBinary(wasm);
setReadTimeout(10 * 60_000); // the machine may be busy with other tests

/** Starts the backend and says which one runs. */
async function start(backend: BackendName): Promise<{backend: string; description: string}> {
  const {description} = await useBackend(backend);
  // Both GPU backends compute small things on the processor; here the GPU is to be tested.
  for (const flag of ["WEBGPU_CPU_FORWARD", "WEBGL_CPU_FORWARD"]) {
    if (flag in tf.env().getFlags()) tf.env().set(flag, false);
  }
  return {backend: currentBackend(), description};
}

/** What is wrong with each case, by name. */
async function runCases(): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  for (const op of cases) faults[op.name] = await runCase(op);
  return faults;
}

/**
 * Takes the graphics device away and says what was noticed: the callback's sentence, and how a read ended. For WebGL
 * and WebGPU.
 */
async function loseDevice(): Promise<{reason: string; read: string}> {
  const told = new Promise<string>((resolve) => onBackendLost(resolve));
  const backend = tf.backend() as unknown as {device?: GPUDevice; gpgpu?: {gl: WebGL2RenderingContext}};
  const result = square(tensor([1, 2, 3]));
  backend.device?.destroy();
  backend.gpgpu?.gl.getExtension("WEBGL_lose_context")?.loseContext();
  const reason = await told;
  const ended = await read(result).then(
    () => "values",
    (error: Error) => error.name
  );
  return {reason, read: ended};
}

/** The largest error of each model's loss and gradients against PyTorch's, and where it is. */
async function modelErrors(): Promise<Record<string, {error: number; where: string}>> {
  const clips: Record<string, {error: number; where: string}> = {};
  for (const name of Object.keys(clipCases)) {
    clips[`CLIP, ${name}`] = largestError(await clipResults(name), clip[name as keyof typeof clip]);
  }
  return {
    autoencoder: largestError(await autoencoderResults(), autoencoders.autoencoder),
    VAE: largestError(await vaeResults(), autoencoders.vae),
    "VQ-VAE": await vqVaeError(vqvae),
    ...clips,
    "dVAE, logit-Laplace, Gumbel-softmax": largestError(
      await dvaeResults("logitLaplace", "gumbelSoftmax"),
      stored.dvae["logitLaplace/gumbelSoftmax"]
    ),
    "dVAE, L2, straight-through": largestError(
      await dvaeResults("l2", "straightThrough"),
      stored.dvae["l2/straightThrough"]
    ),
    prior: largestError(await priorResults(), stored.prior)
  };
}

/** What is wrong with products and convolutions as a GPU computes them: software has its own (webgpu/products.ts). */
async function hardwareProducts(): Promise<Record<string, string[]>> {
  useDirectProducts(false);
  const faults: Record<string, string[]> = {};
  for (const op of cases) if (/^(linear|conv2d)/.test(op.name)) faults[op.name] = await runCase(op);
  useDirectProducts(true);
  return faults;
}

/** Starts WebGPU while one of our shaders does not compile: what is said of it, and whether the op still computes. */
async function withBrokenShader(): Promise<{description: string; faults: string[]}> {
  const own = webgpuFastOps.gelu.forward;
  const broken: Shader = {
    name: "broken",
    inputs: {x: "f32"},
    outputs: ["y"],
    uniforms: {n: "i32"},
    lanes: 64,
    main: "y[0] = no;"
  };
  webgpuFastOps.gelu.forward = ([x]) => {
    const output = make(x!.shape);
    run(broken, [x!], [output], [x!.size], 1);
    return {output, saved: [x!]};
  };
  const {description} = await useBackend("webgpu");
  const faults = await runCase(cases.find(({name}) => name === "gelu")!);
  webgpuFastOps.gelu.forward = own;
  await useBackend("webgpu");
  return {description, faults};
}

export interface Suite {
  hardwareProducts: typeof hardwareProducts;
  withBrokenShader: typeof withBrokenShader;
  probeBackends: typeof probeBackends;
  start: typeof start;
  runCases: typeof runCases;
  modelErrors: typeof modelErrors;
  adamWErrors: typeof adamWErrors;
  trainSmallModel: typeof trainSmallModel;
  randomDigest: typeof randomDigest;
  loseDevice: typeof loseDevice;
}

const suite: Suite = {
  hardwareProducts,
  withBrokenShader,
  probeBackends,
  start,
  runCases,
  modelErrors,
  adamWErrors,
  trainSmallModel,
  randomDigest,
  loseDevice
};
Object.assign(globalThis, {suite});
