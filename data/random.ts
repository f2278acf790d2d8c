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

const KEY_PARITY = 0x1bd11bda; // Threefry's constant for 32-bit words
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

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
    const k2 = k0 ^ k1 ^ KEY_PARITY;
    let x0 = (c0 + k0) | 0;
    let x1 = (c1 + k1) | 0;
    for (let group = 0; group < 5; ++group) {
      const first = (group & 1) << 2;
      for (let i = first; i < first + 4; ++i) {
        const r = ROTATIONS[i] as number;
        x0 = (x0 + x1) | 0;
        x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
      }
      const step = group + 1;
      x0 = (x0 + (step % 3 === 0 ? k0 : step % 3 === 1 ? k1 : k2)) | 0;
      x1 = (x1 + (step % 3 === 0 ? k1 : step % 3 === 1 ? k2 : k0) + step) | 0;
    }
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
    for (let i = 0; i < out.length; ++i) out[i] = this.gumbel();
    return out;
  }

  child(...names: (string | number)[]): Stream {
    // Cipher-block chaining over the names: each word of a name becomes the counter of a block under the key so far.
    let key: Threefry = new Threefry(this.#k0, this.#k1);
    for (const name of names) {
      key.#block(typeof name === "number" ? 0x6e756d : 0x737472, String(name).length);
      key = new Threefry(key.#x0, key.#x1);
      const words = typeof name === "number" ? [name | 0, Math.floor(name / 2 ** 32) | 0] : wordsOf(name);
      for (let i = 0; i < words.length; i += 2) {
        key.#block(words[i] as number, words[i + 1] ?? 0);
        key = new Threefry(key.#x0, key.#x1);
      }
    }
    return key;
  }
}

function wordsOf(name: string): number[] {
  return Array.from({length: name.length}, (_, i) => name.charCodeAt(i));
}

const bits = new DataView(new ArrayBuffer(8));

/** The natural logarithm of x > 0 to about 1 unit in the last place, the same bits everywhere. */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = ((high >>> 20) & 0x7ff) - 1023;
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let m = bits.getFloat64(0); // in [1, 2)
  if (m > Math.SQRT2) {
    m /= 2;
    ++exponent;
  }
  // ln m = 2 artanh(s); |s| ≤ 0.172, so the first omitted term is below 10⁻¹⁷.
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 0;
  for (let n = 21; n >= 1; n -= 2) sum = sum * q + 1 / n;
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
