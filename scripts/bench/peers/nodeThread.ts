// A peer's thread in Node.

import type {Port} from "../../../components/training/gradientServer.js";
import {nodePort} from "../../gradientPort.js";
import {registerStockGradients} from "./plain/nodeGradients.js";
import {serve} from "./start.js";

export function serveInNode(port: Port): void {
  serve(port, {startHalf: () => nodePort("scripts/bench/peers/twoThreads.ts", "serveHalf"), registerStockGradients});
}
