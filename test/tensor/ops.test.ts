// The op suite in Node, on the backends that run there.

import {beforeAll, describe, expect, test} from "vitest";
import {currentBackend, setFastOps, useBackend} from "../../components/tensor/index.js";
import {unregisterWasmKernels} from "../../components/tensor/wasm/index.js";
import {cases} from "./cases/index.js";
import {runCase} from "./cases/run.js";

describe.each([
  ["cpu", true],
  ["wasm", true],
  ["wasm", false]
] as const)("%s, own kernels %s", (backend, own) => {
  beforeAll(async () => {
    const {description} = await useBackend(backend);
    expect(currentBackend()).toBe(backend);
    expect(description).not.toMatch(/left out/);
    if (!own) {
      unregisterWasmKernels();
      setFastOps({});
    }
  });

  test.each(cases.map((op) => [op.name, op] as const))("%s", async (_, op) => {
    expect(await runCase(op)).toEqual([]);
  });
});
