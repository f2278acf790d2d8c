// A peer's worker in the browser: the entry of a bundle.

import {setWasmBinary} from "../../../components/tensor/wasmBinary.js";
import {loadWasmBinary} from "../../../components/tensor/wasmFile.js";
import {partnerPort} from "../../../components/training/partnerWorker.js";
import {serve} from "./start.js";

setWasmBinary(loadWasmBinary);
serve(partnerPort(), {
  registerStockGradients: () => import("@tensorflow/tfjs-core/dist/register_all_gradients.js")
});
