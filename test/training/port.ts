// An engine at the other end of a message channel, in place of a worker, with faults to inject.

import type {WorkerPort} from "../../components/training/generation.js";
import {NearestSearch, type Search, serveNearest} from "../../components/training/nearestSearch.js";
import type {StoredRun} from "../../components/training/protocol.js";
import type {RunStore} from "../../components/training/storage.js";
import {serveEngine} from "../../components/training/workerEngine.js";
import {lineModels} from "./lineTrainer.js";

export interface FakeWorker extends WorkerPort {
  /** No message gets through any more, as when the worker has died without a word. */
  kill(): void;
  /** The worker's script has thrown. */
  crash(): void;
  readonly terminated: boolean;
}

export function memoryStore(): RunStore & {fault: Error | null} {
  const runs = new Map<string, {run: StoredRun; file: ArrayBuffer}>();
  const store: RunStore & {fault: Error | null} = {
    fault: null,
    async put(run, file) {
      if (store.fault) throw store.fault;
      runs.set(run.name, {run: {...run, bytes: file.byteLength}, file});
    },
    get: async (name) => runs.get(name)?.file ?? null,
    list: async () => [...runs.values()].map(({run}) => run),
    async delete(name) {
      runs.delete(name);
    }
  };
  return store;
}

export function fakeWorker(store: RunStore, models = lineModels): FakeWorker {
  return portTo((port) => serveEngine(models, port, store));
}

/** Searches among two images, a black and a grey one. */
export function fakeSearcher(): FakeWorker {
  const known = [
    {index: 3, image: new Uint8Array(768)},
    {index: 5, image: new Uint8Array(768).fill(204)}
  ];
  let prepared = 0;
  const search: Search = {
    prepare: () => ++prepared > 3,
    find(image) {
      const rmse = (to: Uint8Array) => Math.abs(image[0]! - to[0]!); // all images here are of one grey
      const best = known.reduce((a, b) => (rmse(b.image) < rmse(a.image) ? b : a));
      return {...best, rmse: rmse(best.image), exact: true};
    }
  };
  return portTo((port) => serveNearest(port, new NearestSearch(() => search)));
}

function portTo(serve: (port: MessagePort) => void): FakeWorker {
  const {port1, port2} = new MessageChannel();
  serve(port2);
  const errors = new EventTarget();
  let terminated = false;
  const close = () => {
    port1.close();
    port2.close();
  };
  return {
    postMessage: (message, transfer = []) => port1.postMessage(message, transfer),
    addEventListener(type, listener) {
      (type === "error" ? errors : port1).addEventListener(type, listener as EventListener);
    },
    removeEventListener(type, listener) {
      (type === "error" ? errors : port1).removeEventListener(type, listener as EventListener);
    },
    start: () => port1.start(),
    kill: close,
    crash: () => errors.dispatchEvent(Object.assign(new Event("error"), {message: "out of memory"})),
    terminate() {
      terminated = true;
      close();
    },
    get terminated() {
      return terminated;
    }
  };
}
