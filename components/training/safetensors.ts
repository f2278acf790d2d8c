// The safetensors format: named tensors in one file, which PyTorch, JAX and others open.
//
// Layout (huggingface.co/docs/safetensors): an 8-byte little-endian header length, a JSON header
// {name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__": {key: text}}, then the numbers, row-major and
// little-endian. The tensors fill the data without holes. Every machine that runs this notebook is little-endian.

import {CheckpointError} from "./errors.js";

export interface TensorArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, TensorArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The largest file that is read, in bytes: far above any model of this notebook, far below what stops a tab. */
export const largestFile = 256 * 2 ** 20;
const largestHeader = 4 * 2 ** 20;
const bytesOf = {F32: 4, F16: 2} as const;
type Dtype = keyof typeof bytesOf;

/** Writes float32 tensors; "F16" rounds them to 16 bits, which halves the file. Throws if a number is not finite. */
export function writeSafetensors({tensors, metadata}: SafetensorsFile, dtype: Dtype = "F32"): ArrayBuffer {
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  let end = 0;
  for (const [name, {shape, data}] of sorted) {
    if (name === "__metadata__") throw new Error("writeSafetensors: expected a tensor's name, got __metadata__");
    if (data.length !== sizeOf(shape)) {
      throw new Error(`writeSafetensors: expected ${sizeOf(shape)} numbers for ${name} [${shape}], got ${data.length}`);
    }
    if (!allFinite(data)) throw new Error(`writeSafetensors: expected finite numbers in ${name}`);
    const begin = end;
    end += data.length * bytesOf[dtype];
    entries.push([name, {dtype, shape, data_offsets: [begin, end]}]);
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const start = 8 + Math.ceil(header.length / 8) * 8; // so that the data are aligned
  const file = new ArrayBuffer(start + end);
  const bytes = new Uint8Array(file);
  new DataView(file).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(header, 8);
  bytes.fill(0x20, 8 + header.length, start);
  let at = start;
  for (const [, {data}] of sorted) {
    if (dtype === "F32") new Float32Array(file, at, data.length).set(data);
    else new Uint16Array(file, at, data.length).set(halves(data));
    at += data.length * bytesOf[dtype];
  }
  return file;
}

/** Reads a file of float32 or float16 tensors. Everything is checked before anything is made of it; CheckpointError. */
export function readSafetensors(file: ArrayBuffer): SafetensorsFile {
  if (file.byteLength > largestFile) {
    throw new CheckpointError(
      `The file is too large to be a checkpoint of this notebook: ${megabytes(file.byteLength)} MB, at most ` +
        `${megabytes(largestFile)} MB are read.`
    );
  }
  const {entries, metadata, start} = readHeader(file);
  const found = entries.map(([name, entry]) => readEntry(name, entry));
  checkLayout(found, file.byteLength - start);
  const tensors = new Map<string, TensorArray>();
  for (const {name, dtype, shape, begin, end} of found) {
    const bytes = file.slice(start + begin, start + end); // a copy: the file's own bytes may lie unaligned
    const data = dtype === "F32" ? new Float32Array(bytes) : singles(new Uint16Array(bytes));
    if (!allFinite(data)) throw new CheckpointError(`The file holds numbers that are not finite, in ${quoted(name)}.`);
    tensors.set(name, {shape, data});
  }
  return {tensors, metadata};
}

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(file: ArrayBuffer) {
  if (file.byteLength < 10) {
    throw new CheckpointError(`The file is too short to be a checkpoint: it has ${file.byteLength} bytes.`);
  }
  const length = new DataView(file).getBigUint64(0, true);
  if (length > BigInt(largestHeader)) {
    throw new CheckpointError(
      "The file is not a checkpoint: its first 8 bytes should give the length of a header, " +
        `but they say ${length} bytes.`
    );
  }
  const start = 8 + Number(length);
  if (start > file.byteLength) {
    throw new CheckpointError(
      `The file is cut off: its header should have ${length} bytes, but only ${file.byteLength - 8} follow.`
    );
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(new Uint8Array(file, 8, Number(length)));
    header = JSON.parse(text);
  } catch {
    throw new CheckpointError("The file is not a checkpoint: its header cannot be read as JSON.");
  }
  if (!isRecord(header)) throw new CheckpointError("The file is not a checkpoint: its header is not a JSON object.");
  const twice = duplicateKey(text);
  if (twice !== null) throw new CheckpointError(`The file's header names ${quoted(twice)} twice.`);
  const {__metadata__: metadata = {}, ...rest} = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw new CheckpointError("The file's metadata should be texts by name, but they are something else.");
  }
  return {entries: Object.entries(rest), metadata: metadata as Record<string, string>, start};
}

function readEntry(name: string, entry: unknown): Entry {
  if (!isRecord(entry)) throw new CheckpointError(`The file's header does not describe ${quoted(name)} as a tensor.`);
  const {dtype, shape, data_offsets: offsets} = entry;
  if (dtype !== "F32" && dtype !== "F16") {
    throw new CheckpointError(
      `The tensor ${quoted(name)} is of the type ${quoted(String(dtype))}; only F32 and F16 can be read.`
    );
  }
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every(isCount)) {
    throw new CheckpointError(`The tensor ${quoted(name)} has no proper shape.`);
  }
  if (
    !Array.isArray(offsets) ||
    offsets.length !== 2 ||
    !offsets.every(isCount) ||
    (offsets as number[])[0]! > (offsets as number[])[1]!
  ) {
    throw new CheckpointError(`The tensor ${quoted(name)} has no proper place in the file.`);
  }
  const [begin, end] = offsets as [number, number];
  if (end - begin !== sizeOf(shape) * bytesOf[dtype]) {
    throw new CheckpointError(
      `The tensor ${quoted(name)} of shape [${shape.join(", ")}] needs ${sizeOf(shape) * bytesOf[dtype]} bytes, ` +
        `but the header gives it ${end - begin}.`
    );
  }
  return {name, dtype, shape, begin, end};
}

/** The tensors must follow one another and fill the data exactly. */
function checkLayout(entries: readonly Entry[], bytes: number): void {
  let at = 0;
  for (const {name, begin, end} of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw new CheckpointError(`In the file, the tensor ${quoted(name)} overlaps another one.`);
    if (begin > at)
      throw new CheckpointError(`In the file, ${begin - at} bytes before ${quoted(name)} belong to none.`);
    at = end;
  }
  if (at > bytes) {
    throw new CheckpointError(`The file is cut off: its tensors need ${at} bytes, but only ${bytes} are there.`);
  }
  if (at < bytes) throw new CheckpointError(`The file has ${bytes - at} bytes after its last tensor.`);
}

/** A key that occurs twice in one object of a valid JSON text, which JSON.parse passes over; else null. */
function duplicateKey(json: string): string | null {
  const seen: Set<string>[] = [];
  let last = "";
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === "{") seen.push(new Set());
    else if (token === "}") seen.pop();
    else if (token !== ":") last = token;
    else {
      const key = JSON.parse(last) as string;
      const keys = seen.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return null;
}

export function allFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; ++i) if (!Number.isFinite(data[i]!)) return false;
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 40;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function quoted(name: string): string {
  return `“${name.length > 60 ? `${name.slice(0, 57)}…` : name}”`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** Float32 to float16, rounded to nearest, ties to even. Too large a number becomes the largest float16. */
function halves(data: Float32Array): Uint16Array {
  return Uint16Array.from(data, (value) => {
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    const size = Math.min(Math.abs(value), 65504);
    // Below 2⁻¹⁴ the steps are 2⁻²⁴ wide; above, adding the exponent's own step size rounds to 10 bits.
    if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24);
    single[0] = size;
    const rounded = bits[0]! + 0xfff + ((bits[0]! >>> 13) & 1);
    return sign | Math.min((rounded >>> 13) - (112 << 10), 0x7bff);
  });
}

function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}

function singles(data: Uint16Array): Float32Array {
  return Float32Array.from(data, (half) => {
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    const sign = half & 0x8000 ? -1 : 1;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
