// Times the same workloads for several peers, in turn within one run, and checks that all compute the same:
//
//   npm run bench
//   npm run bench -- --where browser --backend webgpu
//   options: --rounds 5  --least 300  --only "W1,W3 no cache"  --peers "plain tfjs,jax-js"
//
// In Node: WASM with one thread, ours with two besides, and PyTorch where a Python has it. In the browser: one thread or
// the graphics that tests use, on the machine's GPU with GRAPHICS=hardware. A round repeats a workload for at least so
// many ms; the first only warms up. Prints tables for docs/performance.md.

import "../relaxedSimd.js";
import {cpus, loadavg} from "node:os";
import {parseArgs} from "node:util";
import type {BackendName} from "../../components/tensor/index.js";
import type {Handle} from "./handle.js";
import {titles} from "./handle.js";
import {measure, printAccounts} from "./measure.js";
import {type PeerName, workloadNames} from "./peer.js";
import {browserPeers} from "./peers/browser.js";
import {startInNode} from "./peers/node.js";
import {findTorch, startTorch, writeInputs} from "./peers/torch.js";
import {head} from "./table.js";

const {values} = parseArgs({
  options: {
    where: {type: "string", default: "node"},
    backend: {type: "string", default: "wasm"},
    rounds: {type: "string", default: "5"},
    least: {type: "string", default: "300"},
    only: {type: "string"},
    peers: {type: "string"}
  }
});
const [rounds, least] = [Number(values.rounds), Number(values.least)];
const backend = values.backend as BackendName;
const inBrowser = values.where === "browser";
if (!inBrowser && (values.where !== "node" || backend !== "wasm")) {
  throw new Error(`bench: expected browser, or node with wasm, got ${values.where} with ${backend}`);
}
const only = values.only?.split(",");
const workloads = workloadNames.filter((name) => only === undefined || only.includes(name.replace(", ", " ")));
const wanted = values.peers?.split(",");
const isWanted = (name: string) => wanted === undefined || name === titles.ours || wanted.includes(name);

const browsers = inBrowser ? await browserPeers(backend) : null;
const candidates: PeerName[] = ["ours"];
if (!inBrowser) candidates.push("two threads");
if (backend === "wasm") candidates.push("stock");
candidates.push("plain");
if (backend === "wasm" || backend === "webgpu") candidates.push("jax");
const peers: Handle[] = [];
for (const name of candidates) {
  if (isWanted(titles[name])) peers.push(await (browsers ? browsers.start(name) : startInNode(name, backend)));
}
if (!browsers && isWanted("PyTorch")) {
  const python = findTorch();
  if (python === null) console.log("PyTorch is left out: no Python here has it.\n");
  else {
    const folder = writeInputs();
    for (const threads of [2, 1]) peers.push(await startTorch(python, folder, threads));
  }
}

const where = browsers ? "Chromium" : `Node ${process.versions.node}`;
const times = `medians of ${rounds} rounds in ms (least–most), and × the time of ours (ratio round by round)`;
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, ${where}, ${backend}; ${times}\n`);
console.log(`${loadNow()} at the start\n`);
for (const {name, description} of peers) console.log(`- ${name}: ${description || "does not start"}`);
console.log(`\n${head(["", ...peers.map(({name}) => name)])}`);
const results = [];
for (const workload of workloads) results.push(await measure(workload, peers, {rounds, least}));
const notes = results.flatMap((result) => result.notes);
if (notes.length > 0) console.log(`\n${notes.map((note) => `- ${note}`).join("\n")}`);
printAccounts(results, peers);
console.log(`
Ours and PyTorch clip the gradient and decay the weights (AdamW); ours also keeps a moving average of them. The Adam of
tfjs and jax-js does none of these.`);

console.log(`\n${loadNow()} at the end: the peers alone make it ${browsers ? "one" : "one or two"}.`);
for (const peer of peers) await peer.close();
await browsers?.close();
const differences = results.flatMap((result) => result.differences);
for (const difference of differences) console.error(difference);
process.exit(differences.length > 0 ? 1 : 0);

/** A busy machine spreads all times, and two threads' most of all. */
function loadNow(): string {
  return `Load ${loadavg()[0]!.toFixed(1)} on ${cpus().length} processors`;
}
