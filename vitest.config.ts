import {defineConfig} from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Software WebGPU on a busy machine is slow: the limits only end what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Each file in a process of its own: tfjs and its backends are global.
    pool: "forks",
    maxWorkers: 2
  }
});
