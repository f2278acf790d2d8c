// The worker's entry; scripts/build-worker.ts makes src/worker/engine.js of it. Under other names the same file is the
// partner that computes half of each gradient, one of a distributed run's workers, or looks up training images.

import {setWasmBinary} from "../tensor/index.js";
import {loadWasmBinary} from "../tensor/wasmFile.js";
import {replicaName, serveReplica} from "./distributed/replicaServer.js";
import {serveGradients} from "./gradientServer.js";
import {searcherName, serveNearest} from "./nearestSearch.js";
import {partnerName, partnerPort} from "./partnerWorker.js";
import {models} from "./registry.js";
import {serveEngine} from "./workerEngine.js";

setWasmBinary(loadWasmBinary);
if (self.name === partnerName) serveGradients(partnerPort());
else if (self.name === replicaName) serveReplica(partnerPort());
else if (self.name === searcherName) serveNearest();
else serveEngine(models);
