// The module's exports. All functions work on tfjs's own memory: pointers are byte offsets into it, sizes are counts of
// float32 numbers unless named otherwise. Nothing here allocates or keeps data: scratch space is handed in.

export {convFilterGradient, convForward, convInputGradient} from "./conv";
export {gemm} from "./gemm";
