// Import first: lets Node 20 compile the kernels' fused multiply-adds (relaxed SIMD), a quarter faster. Later versions
// do so by themselves. The last bits of results differ from a run without.

import {setFlagsFromString} from "node:v8";

if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");
