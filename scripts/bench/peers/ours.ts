// Our models, gradients and optimiser: with our kernels, or with tfjs's.

import type {BackendName} from "../../../components/tensor/backendReport.js";
import {currentBackend, useBackend} from "../../../components/tensor/index.js";
import {registerWasmKernels, unregisterWasmKernels} from "../../../components/tensor/wasm/index.js";
import {countKernels} from "../count.js";
import {type Peer, Unable} from "../peer.js";
import {drawing, dvaeStep, priorStep} from "../workloads.js";

export async function startOurs(backend: BackendName): Promise<Peer> {
  const {description} = await useBackend(backend);
  if (currentBackend() !== backend) throw new Error(`expected ${backend}, got ${currentBackend()}`);
  if (backend === "wasm" && !(await registerWasmKernels())) throw new Error("expected our WASM kernels, got none");
  return {
    description,
    make: (workload) => {
      if (workload === "W1") return dvaeStep();
      if (workload === "W2") return priorStep();
      return drawing(workload === "W3");
    },
    count: (run) => countKernels(backend, run)
  };
}

export async function startStock(backend: BackendName): Promise<Peer> {
  if (backend !== "wasm") throw new Unable("our kernels are for WASM");
  const peer = await startOurs(backend);
  unregisterWasmKernels();
  return peer;
}
