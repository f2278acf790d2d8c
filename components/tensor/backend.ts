// Starts tfjs on one of its backends, with our gradients and mends, and only if it computes rightly.

import * as tf from "@tensorflow/tfjs-core";
import {trustBackend, watchBackend} from "./backendLoss.js";
import type {BackendName, BackendReport} from "./backendReport.js";
import {fastOps, setFastOps} from "./fast.js";
import {dropFaultyOps} from "./fastOpsTest.js";
import {registerGradients} from "./gradients/index.js";
import {registerMends} from "./mends/index.js";
import {messageOf, type NoRenderer, type Renderer, webglRenderer, webgpuRenderer} from "./renderers.js";
import {registerRounding} from "./rounding/index.js";
import {selfTest} from "./selfTest.js";
import {loadWasmBackend} from "./wasmBinary.js";

/** Starts the named backend, software or not. Throws, with a sentence for the reader, if it is absent or wrong. */
export async function useBackend(name: BackendName): Promise<BackendReport> {
  const renderer = await rendererOf(name);
  if ("missing" in renderer) throw new Error(renderer.missing);
  const plain = await start(name, renderer);
  return reportOf(name, renderer, plain, [{backend: name, accepted: true, reason: "chosen"}]);
}

/** The backend in use. */
export function currentBackend(): BackendName {
  return tf.getBackend() as BackendName;
}

/**
 * Starts the best backend that works: hardware WebGPU, hardware WebGL, WASM; then software WebGL, software WebGPU,
 * and plain JavaScript. Throws if none does.
 */
export async function probeBackends(): Promise<BackendReport> {
  const tried: {backend: BackendName; accepted: boolean; reason: string}[] = [];
  const software: [BackendName, Renderer][] = [];
  const attempt = async (backend: BackendName, renderer: Renderer): Promise<BackendReport | null> => {
    let plain: string;
    try {
      plain = await start(backend, renderer);
      if (backend === "webgl" && !tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")) {
        throw new Error("this device's WebGL has 16-bit numbers only, too coarse to train with");
      }
    } catch (error) {
      tried.push({backend, accepted: false, reason: messageOf(error)});
      return null;
    }
    const entry = {backend, accepted: true, reason: "it works"};
    return reportOf(backend, renderer, plain, [...tried.filter((other) => other.backend !== backend), entry]);
  };
  for (const backend of ["webgpu", "webgl", "wasm"] as const) {
    const renderer = await rendererOf(backend);
    if ("missing" in renderer) tried.push({backend, accepted: false, reason: renderer.missing});
    else if (renderer.software) {
      tried.push({backend, accepted: false, reason: `${renderer.name} draws in software, which is slower than WASM`});
      software.unshift([backend, renderer]);
    } else {
      const report = await attempt(backend, renderer);
      if (report) return report;
    }
  }
  for (const [backend, renderer] of [...software, ["cpu", HOST] as const]) {
    const report = await attempt(backend, renderer);
    if (report) return report;
  }
  throw new Error(`No backend works: ${tried.map(({backend, reason}) => `${backend}: ${reason}`).join("; ")}`);
}

const HOST: Renderer = {name: "", software: false};

async function rendererOf(name: BackendName): Promise<Renderer | NoRenderer> {
  return name === "webgpu" ? webgpuRenderer() : name === "webgl" ? webglRenderer() : HOST;
}

/** Starts a backend with all of our own ops that compute rightly here; says which do not, "" if all do. */
async function start(name: BackendName, {software}: Renderer): Promise<string> {
  tf.env().set("PROD", true); // no advice on the console
  await load[name]();
  registerGradients();
  registerMends(name);
  registerRounding(name);
  setFastOps({});
  if (!(await tf.setBackend(name))) throw new Error(`${name} does not start`);
  if (name === "wasm") await (await import("./wasm/index.js")).registerWasmKernels();
  if (name === "webgpu") (await import("./webgpu/index.js")).registerWebgpuKernels(software);
  if (name === "webgl") (await import("./webgl/index.js")).registerWebglOps();
  watchBackend(name);
  let plain = (await dropFaultyOps()).join(", ");
  let fault = await selfTest();
  if (fault && Object.keys(fastOps()).length > 0) {
    if (name === "wasm") (await import("./wasm/index.js")).unregisterWasmKernels();
    setFastOps({});
    plain = "all of our own";
    fault = await selfTest();
  }
  if (fault) throw new Error(`${name} computes wrongly: ${fault}`);
  trustBackend();
  return plain;
}

/** Each backend is a large package, which registers itself when it is first needed. */
const load: Record<BackendName, () => Promise<unknown>> = {
  webgpu: () => import("@tensorflow/tfjs-backend-webgpu"),
  async webgl() {
    await import("@tensorflow/tfjs-backend-webgl");
    // tfjs refuses slow contexts by itself; here the choice has been made.
    tf.env().set("SOFTWARE_WEBGL_ENABLED", true);
  },
  wasm: loadWasmBackend,
  cpu: () => import("@tensorflow/tfjs-backend-cpu")
};

function reportOf(
  backend: BackendName,
  renderer: Renderer,
  plain: string,
  tried: BackendReport["tried"]
): BackendReport {
  const slower = plain ? `, slower than it might be (wrong here and left out: ${plain})` : "";
  return {backend, description: descriptionOf(backend, renderer) + slower, tried};
}

function descriptionOf(backend: BackendName, {name}: Renderer): string {
  if (backend === "webgpu") return `WebGPU · ${name}`;
  if (backend === "webgl") return `WebGL · ${plainRenderer(name)}`;
  if (backend === "cpu") return "JavaScript, one thread";
  return tf.env().get("WASM_HAS_SIMD_SUPPORT") ? "WASM SIMD, one thread" : "WASM, one thread";
}

/** "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 …, D3D11)" → "NVIDIA GeForce RTX 3060". */
export function plainRenderer(name: string): string {
  const middle = /^ANGLE \([^,]*, (.*), [^,]*\)$/.exec(name)?.[1] ?? name;
  const device = /^Vulkan [\d.]+ \((.*) \(0x[\dA-F]+\)\)$/i.exec(middle)?.[1] ?? middle;
  return device.replace(/^ANGLE Metal Renderer: /, "").replace(/ (Direct3D|OpenGL|Vulkan|\(0x).*$/, "");
}
