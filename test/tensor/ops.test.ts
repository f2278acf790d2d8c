// The op suite in Node, on the backends that run there.

import {beforeAll, describe, expect, test} from "vitest";
import {currentBackend, useBackend} from "../../components/tensor/index.js";
import {cases} from "./cases/index.js";
import {runCase} from "./cases/run.js";

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    expect(currentBackend()).toBe(backend);
  });

  test.each(cases.map((op) => [op.name, op] as const))("%s", async (_, op) => {
    expect(await runCase(op)).toEqual([]);
  });
});
