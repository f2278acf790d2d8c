// Entry of the thread: plain JavaScript, since Node starts it before tsx is there.
import {parentPort} from "node:worker_threads";
import {tsImport} from "tsx/esm/api";

const early = [];
const collect = (message) => early.push(message);
parentPort.on("message", collect);
const {serveGradients} = await tsImport("../components/training/gradientServer.ts", import.meta.url);
parentPort.off("message", collect);
serveGradients({
  send: (message, transfer) => parentPort.postMessage(message, transfer),
  listen: (callback) => {
    for (const message of early) callback(message);
    parentPort.on("message", callback);
  },
  close: () => parentPort.close()
});
