// A thread of Node that shares training steps, as a second worker does in the page.

import {Worker} from "node:worker_threads";
import type {Port} from "../components/training/gradientServer.js";

export function nodeGradientPort(): Port {
  const worker = new Worker(new URL("./gradientThread.mjs", import.meta.url));
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    listen: (callback) => {
      worker.on("message", callback);
      worker.on("error", callback);
    },
    close: () => void worker.terminate()
  };
}
