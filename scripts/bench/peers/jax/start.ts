// jax-js, with one compiled function for a training step. Its arrays are counted: a function takes over its arguments, and
// .ref keeps one for later use.

import {defaultDevice, init} from "@jax-js/jax";
import type {BackendName} from "../../../../components/tensor/backendReport.js";
import {drawInputs, dvaeInputs, priorInputs} from "../../inputs.js";
import {type Peer, Unable} from "../../peer.js";
import {describeBackend} from "../describe.js";
import {drawing} from "./draw.js";
import {dvaeWorkload} from "./dvae.js";
import {priorWorkload} from "./prior.js";

export async function startJax(backend: BackendName): Promise<Peer> {
  if (backend !== "wasm" && backend !== "webgpu") throw new Unable(`not measured on ${backend}`);
  const description = await describeBackend(backend);
  const devices = await init(backend);
  if (!devices.includes(backend)) throw new Error(`expected jax-js to start ${backend}, got ${devices}`);
  defaultDevice(backend);
  if (defaultDevice() !== backend) throw new Error(`expected ${backend}, got ${defaultDevice()}`);
  return {
    description,
    make(workload) {
      if (workload === "W1") return dvaeWorkload(dvaeInputs());
      if (workload === "W2") return priorWorkload(priorInputs());
      return drawing(drawInputs(), workload === "W3");
    }
  };
}
