import {afterEach, beforeAll, describe, expect, test, vi} from "vitest";
import {BackendLostError, read, readScalar, type Tensor, tensor, useBackend} from "../../components/tensor/index.js";
import {allowReads, failReads} from "../../components/tensor/read.js";

beforeAll(async () => {
  await useBackend("cpu");
});

afterEach(() => {
  vi.useRealTimers();
  allowReads();
});

const silent = {data: () => new Promise(() => {}), size: 1, shape: []} as unknown as Tensor;

describe("read(tensor)", () => {
  test("gives the values in their type", async () => {
    expect(await read(tensor([1.5, -2]))).toEqual(Float32Array.of(1.5, -2));
    expect(await read(tensor([1, -2], [2], "int32"))).toEqual(Int32Array.of(1, -2));
    expect(await read(tensor([true, false]))).toEqual(Uint8Array.of(1, 0));
    expect(await readScalar(tensor(3))).toBe(3);
  });

  test("rejects when the device does not answer in time", async () => {
    vi.useFakeTimers();
    const reading = expect(read(silent, 4000)).rejects.toThrow(BackendLostError);
    await vi.advanceTimersByTimeAsync(3999);
    await vi.advanceTimersByTimeAsync(2);
    await reading;
  });

  test("rejects, pending or new, once the backend is known to be lost", async () => {
    const pending = expect(read(silent)).rejects.toThrow("context lost");
    failReads(new BackendLostError("context lost"));
    await pending;
    await expect(read(silent)).rejects.toThrow("context lost");
  });

  test("readScalar(tensor) refuses several values", async () => {
    await expect(readScalar(tensor([1, 2]))).rejects.toThrow("readScalar: expected one value, got [2]");
  });
});
