// Threads of Node that serve a port, as workers do in the page: one that shares training steps, and others.

import {Worker} from "node:worker_threads";
import type {Port} from "../components/training/gradientServer.js";

export function nodeGradientPort(): Port {
  return nodePort("components/training/gradientServer.ts", "serveGradients");
}

/** A thread that is one of a distributed run's workers. */
export function nodeReplicaPort(): Port {
  return nodePort("components/training/distributed/replicaServer.ts", "serveReplica");
}

/** A thread that serves by this function of a module, whose path is from the root. */
export function nodePort(module: string, serve: string): Port {
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
