import {expect, test} from "vitest";
import {StorageError} from "../../components/training/errors.js";
import {browserRunStore} from "../../components/training/storage.js";

test("without IndexedDB every call tells so in one sentence", async () => {
  expect(typeof indexedDB).toBe("undefined");
  const store = browserRunStore();
  const run = {name: "r", model: "dvae", size: "xs", seed: 1, config: {}, step: 1, savedAt: "now"} as const;
  for (const call of [store.put(run, new ArrayBuffer(1)), store.get("r"), store.list(), store.delete("r")]) {
    await expect(call).rejects.toBeInstanceOf(StorageError);
    await expect(call).rejects.toThrow("This browser lets the page store nothing");
  }
});
