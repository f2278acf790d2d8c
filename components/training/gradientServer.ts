// The other side of a GradientPartner: answers with the gradient of a shard at given parameters. Runs in a worker of
// its own with a backend of its own; browser and Node differ only in how messages arrive.

import type {Weights} from "../models/weights.js";
import {dispose, type Params, reshape, slice, tensor, tidy, useBackend} from "../tensor/index.js";
import {createTask} from "./createTask.js";
import {type Gradient, gradientOf, readGradient} from "./gradient.js";
import type {GradientPartner, HyperValues, Shard, Task} from "./modelTrainer.js";
import type {FrozenDvae} from "./priorTask.js";
import type {BackendName, RunSpec} from "./protocol.js";

/** The first message: what is trained, on which backend. */
export interface PartnerSetup {
  readonly spec: RunSpec;
  readonly backend: BackendName;
  readonly dvae?: FrozenDvae;
}
interface Request {
  readonly step: number;
  readonly hyper: HyperValues;
  readonly shard: Shard;
  readonly params: Float32Array;
}
type Answer = Gradient | {readonly error: string};

/** A worker's message channel, reduced to what is needed. */
export interface Port {
  send(message: unknown, transfer: ArrayBuffer[]): void;
  /** Calls back for each message; a failure of the channel itself comes as an Error. */
  listen(callback: (message: unknown) => void): void;
  close(): void;
}

/** Serves the port until it is closed. */
export function serveGradients(port: Port): void {
  let task: Promise<{task: Task; weights: Weights}> | null = null;
  port.listen(async (message) => {
    try {
      if (task === null) {
        const {spec, backend, dvae} = message as PartnerSetup;
        task = useBackend(backend).then(() => createTask(spec, dvae));
        await task;
        return;
      }
      const {step, hyper, shard, params} = message as Request;
      const made = await task;
      const views = unflattened(params, made.weights);
      const answer = await readGradient(await gradientOf(made.task, views, step, hyper, shard), params);
      dispose(Object.values(views));
      port.send(answer, [answer.grads.buffer as ArrayBuffer, answer.metrics.buffer as ArrayBuffer]);
    } catch (error) {
      port.send({error: error instanceof Error ? error.message : String(error)}, []);
    }
  });
}

/** A partner that is started when it is first asked: a session that is only looked at needs none. */
export function whenNeeded(start: () => GradientPartner): GradientPartner {
  let partner: GradientPartner | null = null;
  return {
    compute(...request) {
      partner ??= start();
      return partner.compute(...request);
    },
    dispose() {
      partner?.dispose();
      partner = null;
    }
  };
}

/** Asks the server at the other end of the port. One request at a time. */
export function gradientPartner(port: Port, setup: PartnerSetup): GradientPartner {
  let settle: {resolve: (gradient: Gradient) => void; reject: (error: Error) => void} | null = null;
  let failure: Error | null = null;
  port.listen((message) => {
    const answer = message as Answer | Error;
    if (answer instanceof Error || "error" in answer) {
      failure = answer instanceof Error ? answer : new Error(answer.error);
      settle?.reject(failure);
    } else settle?.resolve(answer);
    settle = null;
  });
  port.send(setup, []);
  return {
    compute(step, hyper, shard, params) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        settle = {resolve, reject};
        port.send({step, hyper, shard, params} satisfies Request, [params.buffer as ArrayBuffer]);
      });
    },
    dispose() {
      settle?.reject(new Error("gradientPartner: closed"));
      port.close();
    }
  };
}

/** Views of one vector by the weights' names and shapes, in their order; the caller disposes them. */
export function unflattened(flat: Float32Array, weights: Weights): Params {
  return tidy(() => {
    const line = tensor(flat);
    let at = 0;
    return Object.fromEntries(
      Object.entries(weights).map(([name, {shape, data}]) => {
        const view = reshape(slice(line, [at], [data.length]), [...shape]);
        at += data.length;
        return [name, view];
      })
    );
  });
}
