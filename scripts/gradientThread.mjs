// Entry of the thread: plain JavaScript, since Node starts it before tsx is there.
import {parentPort, workerData} from "node:worker_threads";
import {tsImport} from "tsx/esm/api";

const early = [];
const collect = (message) => early.push(message);
parentPort.on("message", collect);
const served = await tsImport(`../${workerData.module}`, import.meta.url);
parentPort.off("message", collect);
served[workerData.serve]({
  send: (message, transfer) => parentPort.postMessage(message, transfer),
  listen: (callback) => {
    for (const message of early) callback(message);
    parentPort.on("message", callback);
  },
  close: () => parentPort.close()
});
