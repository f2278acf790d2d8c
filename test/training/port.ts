// An engine at the other end of a message channel, in place of a worker, with faults to inject.

import type {WorkerPort} from "../../components/training/generation.js";
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
  const {port1, port2} = new MessageChannel();
  serveEngine(models, port2, store);
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
