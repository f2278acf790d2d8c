import type {BackendName} from "../../../components/tensor/backendReport.js";
import {webglRenderer, webgpuRenderer} from "../../../components/tensor/renderers.js";

/** The backend and what draws behind it. Throws where there is none. */
export async function describeBackend(backend: BackendName): Promise<string> {
  if (backend !== "webgpu" && backend !== "webgl") return `${backend}, one thread`;
  const renderer = backend === "webgpu" ? await webgpuRenderer() : webglRenderer();
  if ("missing" in renderer) throw new Error(renderer.missing);
  return `${backend} · ${renderer.name}`;
}
