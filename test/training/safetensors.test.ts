import {describe, expect, test} from "vitest";
import {CheckpointError} from "../../components/training/errors.js";
import {
  largestFile,
  readSafetensors,
  type TensorArray,
  writeSafetensors
} from "../../components/training/safetensors.js";
import {stream} from "../../data/random.js";

/** A file of this header, given as text or made into JSON, and this many bytes of data. */
function fileOf(header: unknown, dataBytes: number, claimed?: bigint): ArrayBuffer {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new ArrayBuffer(8 + text.length + dataBytes);
  new DataView(file).setBigUint64(0, claimed ?? BigInt(text.length), true);
  new Uint8Array(file).set(text, 8);
  return file;
}

const a = {dtype: "F32", shape: [2], data_offsets: [0, 8]};
const b = {dtype: "F32", shape: [1], data_offsets: [8, 12]};

function randomTensors(seed: number): Map<string, TensorArray> {
  const draw = stream(seed, "safetensors");
  return new Map(
    Array.from({length: draw.int(6)}, (_, i) => {
      const shape = Array.from({length: draw.int(4)}, () => draw.int(5));
      const data = draw.fillNormal(new Float32Array(shape.reduce((x, y) => x * y, 1)));
      return [`params/t${i}.${draw.pick(["weight", "bias", "ünicode 字"])}`, {shape, data}];
    })
  );
}

describe("writeSafetensors", () => {
  test.each(Array.from({length: 40}, (_, i) => i))("what is read is what was written, seed %i", (seed) => {
    const tensors = randomTensors(seed);
    const metadata = {format: "pt", note: '“quoted” "twice" \\ {brace: 1}'};
    const read = readSafetensors(writeSafetensors({tensors, metadata}));
    expect(read.metadata).toEqual(metadata);
    expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
  });

  test("follows the layout: little-endian length, a header padded with spaces to 8 bytes, tensors without holes", () => {
    const tensors = new Map([
      ["b", {shape: [1, 2], data: Float32Array.of(3, 4)}],
      ["a", {shape: [], data: Float32Array.of(7)}]
    ]);
    const file = writeSafetensors({tensors, metadata: {}});
    const length = Number(new DataView(file).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    const header = new TextDecoder().decode(new Uint8Array(file, 8, length));
    expect(header.startsWith("{")).toBe(true);
    expect(JSON.parse(header)).toEqual({
      __metadata__: {},
      a: {dtype: "F32", shape: [], data_offsets: [0, 4]},
      b: {dtype: "F32", shape: [1, 2], data_offsets: [4, 12]}
    });
    expect([...new Float32Array(file, 8 + length)]).toEqual([7, 3, 4]);
  });

  test("F16 halves the data and rounds to nearest even", () => {
    // Exact, rounded up, ties to even (both ways), subnormal, smallest subnormal's half, largest.
    const data = Float32Array.of(1, -2.5, 0, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -24, 2 ** -25, 65504, 1e6, 0.1);
    const file = writeSafetensors({tensors: new Map([["x", {shape: [10], data}]]), metadata: {}}, "F16");
    const read = readSafetensors(file).tensors.get("x")!.data;
    expect([...read]).toEqual([1, -2.5, 0, 1, 1 + 2 ** -9, 2 ** -24, 0, 65504, 65504, 0.0999755859375]);
  });

  test("F16 is within half a step of every normal number", () => {
    const data = stream(1, "halves").fillNormal(new Float32Array(1000));
    const file = writeSafetensors({tensors: new Map([["x", {shape: [1000], data}]]), metadata: {}}, "F16");
    readSafetensors(file)
      .tensors.get("x")!
      .data.forEach((value, i) => {
        expect(Math.abs(value - data[i]!)).toBeLessThanOrEqual(Math.max(Math.abs(data[i]!) * 2 ** -11, 2 ** -25));
      });
  });

  test("refuses what could not be read back", () => {
    const write = (name: string, shape: number[], ...data: number[]) =>
      writeSafetensors({tensors: new Map([[name, {shape, data: Float32Array.from(data)}]]), metadata: {}});
    expect(() => write("x", [2], 1)).toThrow("expected 2 numbers for x [2], got 1");
    expect(() => write("x", [1], NaN)).toThrow("finite");
    expect(() => write("__metadata__", [1], 1)).toThrow("__metadata__");
  });
});

describe("readSafetensors refuses, with one sentence,", () => {
  const cases: [string, ArrayBuffer, string][] = [
    ["an empty file", new ArrayBuffer(0), "too short"],
    ["a picture", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]).buffer, "not a checkpoint"],
    ["a header as long as 2⁶³", fileOf({a}, 8, 2n ** 63n), "9223372036854775808 bytes"],
    ["a header longer than the file", fileOf({a}, 8, 4000n), "cut off"],
    ["a header that is no JSON", fileOf("{oops", 8), "cannot be read as JSON"],
    ["a header that is no UTF-8", fileOf("\u0000", 8), "cannot be read as JSON"],
    ["a header that is a list", fileOf([a], 8), "not a JSON object"],
    ["a tensor named twice", fileOf(`{"a":${JSON.stringify(a)},"\\u0061":${JSON.stringify(a)}}`, 8), "“a” twice"],
    ["a field given twice", fileOf('{"a":{"dtype":"F16","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8), "twice"],
    ["metadata that are no texts", fileOf({__metadata__: {step: 1}, a}, 8), "metadata"],
    ["a tensor that is a number", fileOf({a: 3}, 8), "does not describe “a”"],
    ["an unknown type", fileOf({a: {...a, dtype: "BF16"}}, 8), "“BF16”"],
    ["a negative size", fileOf({a: {...a, shape: [-2]}}, 8), "no proper shape"],
    ["a broken size", fileOf({a: {...a, shape: [2.5]}}, 8), "no proper shape"],
    ["a shape beyond all memory", fileOf({a: {...a, shape: [2 ** 39, 2 ** 39]}}, 8), "needs"],
    ["offsets backwards", fileOf({a: {...a, data_offsets: [8, 0]}}, 8), "no proper place"],
    ["offsets that are texts", fileOf({a: {...a, data_offsets: ["0", "8"]}}, 8), "no proper place"],
    ["a shape that does not fit its bytes", fileOf({a: {...a, shape: [3]}}, 8), "needs 12 bytes"],
    ["overlapping tensors", fileOf({a, b: {...b, data_offsets: [4, 8]}}, 8), "overlaps"],
    ["a hole", fileOf({a, b: {...b, data_offsets: [12, 16]}}, 16), "4 bytes before “b”"],
    ["offsets out of the file", fileOf({a, b}, 8), "need 12 bytes, but only 8"],
    ["bytes after the last tensor", fileOf({a}, 12), "4 bytes after"],
    ["a tensor that is not finite", fileOf({a: {...a, shape: [1], data_offsets: [0, 4]}}, 4), "not finite"]
  ];
  new DataView(cases.at(-1)![1]).setFloat32(cases.at(-1)![1].byteLength - 4, Infinity, true);

  test.each(cases)("%s", (_, file, part) => {
    let error: unknown;
    try {
      readSafetensors(file);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(CheckpointError);
    const {message} = error as CheckpointError;
    expect(message).toContain(part);
    expect(message).toMatch(/^[A-Z][^\n]*\.$/);
  });

  test("a huge file, before looking into it", () => {
    const file = {byteLength: largestFile + 1} as ArrayBuffer;
    expect(() => readSafetensors(file)).toThrow("too large");
  });

  test("every cut and never with anything but a CheckpointError", () => {
    const file = writeSafetensors({tensors: randomTensors(3), metadata: {format: "pt"}});
    for (let end = 0; end < file.byteLength; ++end) {
      expect(() => readSafetensors(file.slice(0, end))).toThrow(CheckpointError);
    }
  });

  test("flipped bytes: either read or refused with a CheckpointError", () => {
    const file = writeSafetensors({tensors: randomTensors(3), metadata: {format: "pt"}});
    const draw = stream(5, "flips");
    for (let i = 0; i < 2000; ++i) {
      const flipped = new Uint8Array(file.slice(0));
      const at = draw.int(flipped.length);
      flipped[at] = flipped[at]! ^ (1 << draw.int(8));
      try {
        readSafetensors(flipped.buffer);
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError);
      }
    }
  });
});
