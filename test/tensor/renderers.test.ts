import {describe, expect, test} from "vitest";
import {plainRenderer, probeBackends, useBackend} from "../../components/tensor/backend.js";
import {isSoftware} from "../../components/tensor/renderers.js";

describe("isSoftware(name)", () => {
  test.each([
    "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
    "google swiftshader",
    "llvmpipe (LLVM 15.0.6, 256 bits)",
    "ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)",
    "lavapipe",
    "Apple Software Renderer"
  ])("true: %s", (name) => {
    expect(isSoftware(name)).toBe(true);
  });

  test.each([
    "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)",
    "ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)",
    "Apple M2",
    "Adreno (TM) 740",
    "intel gen-12lp",
    "Mali-G78"
  ])("false: %s", (name) => {
    expect(isSoftware(name)).toBe(false);
  });
});

describe("plainRenderer(name)", () => {
  test.each([
    ["ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)", "NVIDIA GeForce RTX 3060"],
    ["ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)", "Apple M2"],
    ["ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)", "Mesa Intel(R) UHD Graphics 620 (KBL GT2)"],
    [
      "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
      "SwiftShader Device (Subzero)"
    ],
    ["Adreno (TM) 740", "Adreno (TM) 740"]
  ])("%s → %s", (name, expected) => {
    expect(plainRenderer(name)).toBe(expected);
  });
});

describe("in Node", () => {
  test("probeBackends() finds WASM and says why not the others", async () => {
    const report = await probeBackends();
    expect(report.backend).toBe("wasm");
    expect(report.description).toBe("WASM SIMD, one thread");
    expect(report.tried.map(({backend, accepted}) => [backend, accepted])).toEqual([
      ["webgpu", false],
      ["webgl", false],
      ["wasm", true]
    ]);
    for (const {reason} of report.tried) expect(reason).not.toBe("");
  });

  test("useBackend(name) refuses one that is not there, with a sentence", async () => {
    await expect(useBackend("webgl")).rejects.toThrow("there is no canvas");
    await expect(useBackend("webgpu")).rejects.toThrow("WebGPU");
  });
});
