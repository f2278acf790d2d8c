// Stands in for kernels.generated.ts, which scripts/build-kernels.ts writes and git does not keep, in type checks.
/** The kernels' WebAssembly binary. */
export declare const kernelsBase64: string;
