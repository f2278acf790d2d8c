// Which graphics hardware is behind WebGPU and WebGL, asked without tfjs.

/** A graphics interface that is there, and what draws behind it. */
export interface Renderer {
  /** For the reader, e.g. "nvidia ada-lovelace". */
  readonly name: string;
  /** Emulated on the processor: slower than WASM by 5 to 27 times (shared measurements in docs/results.md). */
  readonly software: boolean;
}

/** Why there is none, as a sentence's end for the reader. */
export interface NoRenderer {
  readonly missing: string;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|software|microsoft basic render|\bwarp\b/i;

export function isSoftware(name: string): boolean {
  return SOFTWARE.test(name);
}

export async function webgpuRenderer(): Promise<Renderer | NoRenderer> {
  const gpu = typeof navigator === "undefined" ? undefined : (navigator.gpu as GPU | undefined);
  if (!gpu) return {missing: "this browser has no WebGPU"};
  try {
    const adapter = await gpu.requestAdapter({powerPreference: "high-performance"});
    if (!adapter) return {missing: "WebGPU has no adapter for this machine's graphics"};
    const info = adapter.info as GPUAdapterInfo | undefined;
    const name = [info?.vendor, info?.architecture, info?.device, info?.description].filter(Boolean).join(" ");
    const fallback = (info as {isFallbackAdapter?: boolean} | undefined)?.isFallbackAdapter === true;
    return {name: name || "unnamed adapter", software: fallback || isSoftware(name)};
  } catch (error) {
    return {missing: `WebGPU failed to start: ${messageOf(error)}`};
  }
}

export function webglRenderer(): Renderer | NoRenderer {
  if (typeof OffscreenCanvas === "undefined" && typeof document === "undefined") return {missing: "there is no canvas"};
  try {
    const canvas =
      typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(1, 1);
    const gl = canvas.getContext("webgl2") as WebGL2RenderingContext | null;
    if (!gl) return {missing: "this browser gives no WebGL 2 context here"};
    const names = gl.getExtension("WEBGL_debug_renderer_info");
    const name = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    gl.getExtension("WEBGL_lose_context")?.loseContext(); // browsers allow only a few contexts
    return {name, software: isSoftware(name)};
  } catch (error) {
    return {missing: `WebGL failed to start: ${messageOf(error)}`};
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String((error as {message?: unknown})?.message ?? error);
}
