// A thread of Node that shares training steps, as a second worker does in the page.

import {Worker} from "node:worker_threads";
import type {Port} from "../components/training/gradientServer.js";

export function nodeGradientPort(): Port {
  return nodePort("gradientServer.ts", "serveGradients");
}

/** A thread that is one of a distributed run's workers. */
export function nodeReplicaPort(): Port {
  return nodePort("distributed/replicaServer.ts", "serveReplica");
}

/** A thread that serves by this function of a module of components/training. */
function nodePort(module: string, serve: string): Port {
  const worker = new Worker(new URL("./gradientThread.mjs", import.meta.url), {workerData: {module, serve}});
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    listen: (callback) => {
      worker.on("message", callback);
      worker.on("error", callback);
    },
    close: () => void worker.terminate()
  };
}
