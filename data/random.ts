// Counter-based random numbers with named streams: the same numbers on every backend, in every browser and in Node.
//
// The generator is Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
// A stream is a 64-bit key, made from a seed and a path of names; its n-th block is threefry(key, n). Two streams with
// different names never share state, so adding a draw in one place changes nothing in another.
//
// Math.log, Math.sin and Math.cos may differ in the last bit between browsers, so the transforms below use only
// operations that IEEE 754 rounds exactly (+ − × ÷ √).

export interface Stream {
  /** An integer in [0, 2³²). */
  uint32(): number;
  /** A number in (0, 1), never 0 and never 1: (k + ½) / 2³². */
  uniform(): number;
  /** An integer in [0, n), n ≤ 2³², without modulo bias worth naming (below 2⁻²⁰ for n < 4096). */
  int(n: number): number;
  /** True with probability p. */
  chance(p: number): boolean;
  /** One of the items, each equally likely. */
  pick<T>(items: readonly T[]): T;
  /** A standard normal number (Box–Muller, one of the pair). */
  normal(): number;
  /** A standard Gumbel number, −ln(−ln u). */
  gumbel(): number;
  /** The integers 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Uint32Array;
  /** Fills the array and returns it. */
  fillUniform(out: Float32Array): Float32Array;
  fillNormal(out: Float32Array): Float32Array;
  fillGumbel(out: Float32Array): Float32Array;
  /** A stream of its own below this one; what has been drawn from this one does not matter. */
  child(...names: (string | number)[]): Stream;
}

/** The stream named by the seed and the path of names, from its start. */
export function stream(seed: number, ...names: (string | number)[]): Stream {
  return new Threefry(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0).child(...names);
}

/**
 * A faster way to fill with Gumbel numbers, bit for bit the same: those of the blocks counter, counter + 1, … under a
 * key, two a block. out.length is a multiple of 8. False leaves the work to the plain loop.
 */
export type GumbelFiller = (key0: number, key1: number, counter: number, out: Float32Array) => boolean;

let gumbelFiller: GumbelFiller | null = null;

/** Lends every stream such a filler; null takes it back. */
export function setGumbelFiller(filler: GumbelFiller | null): void {
  gumbelFiller = filler;
}

const KEY_PARITY = 0x1bd11bda; // Threefry's constant for 32-bit words

class Threefry implements Stream {
  #counter = 0;
  #spare = 0;
  #hasSpare = false;
  #x0 = 0;
  #x1 = 0;
  readonly #k0: number;
  readonly #k1: number;

  constructor(k0: number, k1: number) {
    this.#k0 = k0 | 0;
    this.#k1 = k1 | 0;
  }

  /** Encrypts the counter (c0, c1) into #x0, #x1. */
  #block(c0: number, c1: number): void {
    const k0 = this.#k0;
    const k1 = this.#k1;
    // Twenty rounds, written out: a loop over the rotations is three times slower.
    const k2 = k0 ^ k1 ^ KEY_PARITY;
    let x0 = (c0 + k0) | 0;
    let x1 = (c1 + k1) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + 1) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + k2) | 0;
    x1 = (x1 + k0 + 2) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + k0) | 0;
    x1 = (x1 + k1 + 3) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + 4) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + k2) | 0;
    x1 = (x1 + k0 + 5) | 0;
    this.#x0 = x0;
    this.#x1 = x1;
  }

  uint32(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    const n = this.#counter++;
    this.#block(n | 0, Math.floor(n / 2 ** 32) | 0);
    this.#spare = this.#x1 >>> 0;
    this.#hasSpare = true;
    return this.#x0 >>> 0;
  }

  uniform(): number {
    return (this.uint32() + 0.5) / 4294967296;
  }

  int(n: number): number {
    return Math.floor((this.uint32() / 4294967296) * n);
  }

  chance(p: number): boolean {
    return this.uniform() < p;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error("pick: expected at least one item, got none");
    return items[this.int(items.length)] as T;
  }

  normal(): number {
    const radius = Math.sqrt(-2 * portableLog(this.uniform()));
    return radius * portableCosTurn(this.uniform());
  }

  gumbel(): number {
    return -portableLog(-portableLog(this.uniform()));
  }

  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({length: n}, (_, i) => i);
    for (let i = n - 1; i > 0; --i) {
      const j = this.int(i + 1);
      const a = order[i] as number;
      order[i] = order[j] as number;
      order[j] = a;
    }
    return order;
  }

  fillUniform(out: Float32Array): Float32Array {
    for (let i = 0; i < out.length; ++i) out[i] = this.uniform();
    return out;
  }

  fillNormal(out: Float32Array): Float32Array {
    for (let i = 0; i < out.length; ++i) out[i] = this.normal();
    return out;
  }

  fillGumbel(out: Float32Array): Float32Array {
    let i = 0;
    const whole = out.length & ~7;
    if (gumbelFiller && whole > 0 && !this.#hasSpare && this.#counter + whole / 2 < 2 ** 31) {
      if (gumbelFiller(this.#k0, this.#k1, this.#counter, out.subarray(0, whole))) {
        this.#counter += whole / 2;
        i = whole;
      }
    }
    for (; i < out.length; ++i) out[i] = this.gumbel();
    return out;
  }

  child(...names: (string | number)[]): Stream {
    // Cipher-block chaining over the names: each word of a name becomes the counter of a block under the key so far.
    let key: Threefry = new Threefry(this.#k0, this.#k1);
    for (const name of names) {
      key.#block(typeof name === "number" ? 0x6e756d : 0x737472, String(name).length);
      key = new Threefry(key.#x0, key.#x1);
      const parts = typeof name === "number" ? [name | 0, Math.floor(name / 2 ** 32) | 0] : codesOf(name);
      for (let i = 0; i < parts.length; i += 2) {
        key.#block(parts[i] as number, parts[i + 1] ?? 0);
        key = new Threefry(key.#x0, key.#x1);
      }
    }
    return key;
  }
}

function codesOf(name: string): number[] {
  return Array.from({length: name.length}, (_, i) => name.charCodeAt(i));
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0; // the word with sign and exponent

/** The natural logarithm of a normal number x > 0, with a relative error below 10⁻¹³, the same bits everywhere. */
export function portableLog(x: number): number {
  float[0] = x;
  const high = words[HIGH]!;
  let exponent = ((high >>> 20) & 0x7ff) - 1023;
  words[HIGH] = (high & 0x000fffff) | 0x3ff00000;
  let m = float[0]; // in [1, 2)
  if (m > Math.SQRT2) {
    m *= 0.5;
    exponent += 1;
  }
  // ln m = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + …); |s| ≤ 0.172, so the first omitted term is below 10⁻¹³ s.
  const s = (m - 1) / (m + 1);
  const q = s * s;
  const q2 = q * q;
  const low = 1 + q * (1 / 3) + q2 * (1 / 5 + q * (1 / 7));
  const mid = 1 / 9 + q * (1 / 11) + q2 * (1 / 13 + q * (1 / 15) + q2 * (1 / 17));
  const sum = low + q2 * q2 * mid; // in pairs, which run side by side, rather than one long chain
  return exponent * Math.LN2 + 2 * s * sum;
}

/** cos(2πu), the same bits everywhere. */
export function portableCosTurn(u: number): number {
  let t = u - Math.floor(u);
  if (t > 0.5) t = 1 - t; // cosine is even about half a turn
  const negative = t > 0.25;
  if (negative) t = 0.5 - t;
  const value = t > 0.125 ? sineSeries(2 * Math.PI * (0.25 - t)) : cosineSeries(2 * Math.PI * t);
  return negative ? -value : value;
}

/** sin(2πu), the same bits everywhere. */
export function portableSinTurn(u: number): number {
  return portableCosTurn(u - 0.25);
}

function cosineSeries(a: number): number {
  const q = a * a;
  let sum = 1;
  for (let n = 18; n >= 2; n -= 2) sum = 1 - (q / (n * (n - 1))) * sum;
  return sum;
}

function sineSeries(a: number): number {
  const q = a * a;
  let sum = 1;
  for (let n = 19; n >= 3; n -= 2) sum = 1 - (q / (n * (n - 1))) * sum;
  return a * sum;
}
