// Stands in for kernels.relaxed.generated.ts, which scripts/build-kernels.ts writes and git does not keep, in type checks.
/** The kernels' WebAssembly binary with fused multiply-adds, for engines that have relaxed SIMD. */
export declare const kernelsBase64: string;
