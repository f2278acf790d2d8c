// The worker of the browser test: the real engine with the smallest trainer.

import {setWasmBinary} from "../../components/tensor/index.js";
import {loadWasmBinary} from "../../components/tensor/wasmFile.js";
import {serveEngine} from "../../components/training/workerEngine.js";
import {lineModels} from "./lineTrainer.js";

setWasmBinary(loadWasmBinary);
serveEngine(lineModels);
