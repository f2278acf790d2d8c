// A second worker in the page that shares training steps: the worker's own file under another name.

import type {Port} from "./gradientServer.js";

/** The name by which worker.ts knows that it is to serve gradients. */
export const partnerName = "gradient-partner";

/** Whether a second worker can be had and pays: workers inside workers, and a core to run it on. */
export function canHavePartner(): boolean {
  return typeof Worker === "function" && (navigator.hardwareConcurrency ?? 1) >= 2;
}

/** Starts the second worker, or another that serves under this name; called inside the first. */
export function startPartner(name = partnerName): Port {
  const worker = new Worker(self.location.href, {type: "module", name});
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    listen(callback) {
      worker.addEventListener("message", ({data}) => callback(data));
      worker.addEventListener("error", (event) => {
        event.preventDefault(); // or it would count as this worker's own failure
        callback(new Error(event.message || "the second worker failed"));
      });
    },
    close: () => worker.terminate()
  };
}

/** The port of a partner worker to the worker that started it. */
export function partnerPort(): Port {
  const scope = self as unknown as DedicatedWorkerGlobalScope;
  return {
    send: (message, transfer) => scope.postMessage(message, transfer),
    listen: (callback) => scope.addEventListener("message", ({data}) => callback(data)),
    close: () => scope.close()
  };
}
