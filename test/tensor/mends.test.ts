// Each mend is needed: what it replaces in tfjs still lacks or gets wrong what the op suite tests. If one of these fails
// after an upgrade, the mend can go. The faults of WebGPU and WebGL are shown in test/tensor/browser.test.ts.

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import {beforeAll, describe, expect, test} from "vitest";
import {registerMends} from "../../components/tensor/mends/index.js";

type Inputs = Record<string, tf.TensorInfo>;

function run(kernel: tf.KernelConfig, inputs: Inputs, attrs: tf.NamedAttrMap): tf.Tensor {
  const info = kernel.kernelFunc({inputs, backend: tf.backend(), attrs}) as tf.TensorInfo;
  return tf.engine().makeTensorFromTensorInfo(info);
}

describe("what tfjs's wasm backend lacks or gets wrong", () => {
  const stock = new Map<string, tf.KernelConfig | undefined>();
  const names = ["Conv2DBackpropFilter", "UnsortedSegmentSum", "MaxPoolGrad", "BatchMatMul"];

  beforeAll(async () => {
    tf.env().set("PROD", true); // no advice on the console
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    await tf.setBackend("wasm");
    for (const name of names) stock.set(name, tf.getKernel(name, "wasm"));
    registerMends("wasm");
  });

  test("Conv2DBackpropFilter and UnsortedSegmentSum are absent without the mends", () => {
    for (const name of ["Conv2DBackpropFilter", "UnsortedSegmentSum"]) {
      expect(stock.get(name)).toBeUndefined();
      expect(tf.getKernel(name, "wasm")).toBeDefined();
    }
  });

  test("MaxPoolGrad loses the gradient of a window at or below 0", async () => {
    const x = tf.tensor4d([-4, -3, -1, -9], [1, 2, 2, 1]);
    const inputs = {dy: tf.ones([1, 1, 1, 1]), input: x, output: tf.maxPool(x, 2, 2, "valid")};
    const attrs = {filterSize: [2, 2], strides: [2, 2], pad: "valid"};
    expect([...(await run(stock.get("MaxPoolGrad")!, inputs, attrs).data())]).not.toEqual([0, 0, 1, 0]);
    expect([...(await run(tf.getKernel("MaxPoolGrad", "wasm"), inputs, attrs).data())]).toEqual([0, 0, 1, 0]);
  });

  test("Conv2DBackpropFilter is right at a stride, with and without padding", async () => {
    const shape: [number, number, number, number] = [3, 3, 2, 4];
    for (const [strides, pad] of [
      [1, "same"],
      [2, "same"],
      [2, "valid"],
      [3, "valid"]
    ] as [number, "same" | "valid"][]) {
      const draw = (dims: number[]): tf.Tensor =>
        tf.reshape(tf.sin(tf.range(1, tf.util.sizeFromShape(dims) + 1)), dims);
      const x = draw([2, 7, 6, 2]) as tf.Tensor4D;
      const filter = draw(shape) as tf.Tensor4D;
      const dy = draw(tf.conv2d(x, filter, strides, pad).shape);
      const attrs = {strides, pad, dataFormat: "NHWC", filterShape: shape};
      const mended = await run(tf.getKernel("Conv2DBackpropFilter", "wasm"), {x, dy}, attrs).data();
      await tf.setBackend("cpu");
      const expected = await run(tf.getKernel("Conv2DBackpropFilter", "cpu"), {x, dy}, attrs).data();
      await tf.setBackend("wasm");
      for (let i = 0; i < expected.length; ++i) expect(mended[i]).toBeCloseTo(expected[i]!, 4);
    }
  });
});
