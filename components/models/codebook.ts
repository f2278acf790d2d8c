// What happens to a codebook besides gradients, on plain arrays: a start from k-means, a moving average, and the revival of
// codes that nobody chooses. Vectors lie one after the other: n × D numbers.

import type {Stream} from "../../data/random.js";

/** The code nearest to each vector, and how often each code is chosen. */
export function assign(
  vectors: Float32Array,
  codebook: Float32Array,
  dimensions: number
): {codes: Int32Array; counts: Float32Array} {
  const codes = new Int32Array(vectors.length / dimensions);
  const counts = new Float32Array(codebook.length / dimensions);
  for (let i = 0; i < codes.length; ++i) {
    let best = Infinity;
    for (let k = 0; k < counts.length; ++k) {
      let distance = 0;
      for (let d = 0; d < dimensions; ++d) {
        const difference = vectors[i * dimensions + d]! - codebook[k * dimensions + d]!;
        distance += difference * difference;
      }
      if (distance < best) {
        best = distance;
        codes[i] = k;
      }
    }
    counts[codes[i]!]! += 1;
  }
  return {codes, counts};
}

/** Each code moved by the share `rate` of the way to the mean of the vectors that chose it; the others stay. */
export function movedToMeans(
  vectors: Float32Array,
  codebook: Float32Array,
  dimensions: number,
  rate: number
): Float32Array {
  const {codes, counts} = assign(vectors, codebook, dimensions);
  const sums = new Float32Array(codebook.length);
  for (let i = 0; i < vectors.length; ++i) {
    const d = i % dimensions;
    sums[codes[(i - d) / dimensions]! * dimensions + d]! += vectors[i]!;
  }
  return codebook.map((e, i) => {
    const count = counts[Math.floor(i / dimensions)]!;
    return count === 0 ? e : e + rate * (sums[i]! / count - e);
  });
}

/** K centres of the vectors: a few rounds of k-means, from K of the vectors, far apart as k-means++ draws them. */
export function kMeans(
  vectors: Float32Array,
  codes: number,
  dimensions: number,
  stream: Stream,
  rounds = 8
): Float32Array {
  const count = vectors.length / dimensions;
  if (count < codes) throw new Error(`kMeans: expected at least ${codes} vectors, got ${count}`);
  let centres = new Float32Array(codes * dimensions);
  const nearest = new Float64Array(count).fill(Infinity);
  let chosen = stream.int(count);
  for (let k = 0; k < codes; ++k) {
    centres.set(vectors.subarray(chosen * dimensions, (chosen + 1) * dimensions), k * dimensions);
    let total = 0;
    for (let i = 0; i < count; ++i) {
      let distance = 0;
      for (let d = 0; d < dimensions; ++d) {
        distance += (vectors[i * dimensions + d]! - centres[k * dimensions + d]!) ** 2;
      }
      nearest[i] = Math.min(nearest[i]!, distance);
      total += nearest[i]!;
    }
    // The next one with a probability as the squared distance to the nearest so far.
    let left = stream.uniform() * total;
    chosen = stream.int(count);
    for (let i = 0; i < count && total > 0; ++i) {
      left -= nearest[i]!;
      if (left < 0) {
        chosen = i;
        break;
      }
    }
  }
  for (let round = 0; round < rounds; ++round)
    centres = Float32Array.from(movedToMeans(vectors, centres, dimensions, 1));
  return centres;
}

/** Codes that none of the vectors chooses are put onto vectors drawn at random. */
export function revived(
  vectors: Float32Array,
  codebook: Float32Array,
  dimensions: number,
  stream: Stream
): Float32Array {
  const {counts} = assign(vectors, codebook, dimensions);
  const next = codebook.slice();
  for (let k = 0; k < counts.length; ++k) {
    if (counts[k]! > 0) continue;
    const from = stream.int(vectors.length / dimensions) * dimensions;
    next.set(vectors.subarray(from, from + dimensions), k * dimensions);
  }
  return next;
}
