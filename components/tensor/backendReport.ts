export type BackendName = "webgpu" | "webgl" | "wasm" | "cpu";

/** What the probe found: which backend runs and why the ones before it do not. */
export interface BackendReport {
  readonly backend: BackendName;
  /** For the reader, e.g. "WebGPU · NVIDIA" or "WASM SIMD, 1 thread". */
  readonly description: string;
  /** The backends tried, in order, with the reason a rejected one was rejected. */
  readonly tried: readonly {backend: BackendName; accepted: boolean; reason: string}[];
}
