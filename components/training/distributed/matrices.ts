// Products of small dense matrices, row by row in one array. Sums are taken in double precision, results are float32.

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** rows · columns numbers, row-major. */
  readonly data: Float32Array;
}

export function matrix(rows: number, columns: number, data: Float32Array = new Float32Array(rows * columns)): Matrix {
  if (data.length !== rows * columns) {
    throw new Error(`matrix: expected ${rows} × ${columns} = ${rows * columns} numbers, got ${data.length}`);
  }
  return {rows, columns, data};
}

/** A B: (m × n)(n × r). */
export function times(a: Matrix, b: Matrix): Matrix {
  const {rows: m, columns: n} = a;
  const r = b.columns;
  if (b.rows !== n) throw new Error(`times: expected ${n} rows on the right, got ${b.rows}`);
  const out = matrix(m, r);
  const sums = new Float64Array(r);
  for (let i = 0; i < m; ++i) {
    sums.fill(0);
    for (let k = 0; k < n; ++k) {
      const value = a.data[i * n + k]!;
      const from = k * r;
      for (let j = 0; j < r; ++j) sums[j]! += value * b.data[from + j]!;
    }
    out.data.set(sums, i * r);
  }
  return out;
}

/** Aᵀ B: (m × n)ᵀ(m × r). */
export function transposedTimes(a: Matrix, b: Matrix): Matrix {
  const {rows: m, columns: n} = a;
  const r = b.columns;
  if (b.rows !== m) throw new Error(`transposedTimes: expected ${m} rows on the right, got ${b.rows}`);
  const sums = new Float64Array(n * r);
  for (let i = 0; i < m; ++i) {
    const from = i * r;
    for (let k = 0; k < n; ++k) {
      const value = a.data[i * n + k]!;
      const to = k * r;
      for (let j = 0; j < r; ++j) sums[to + j]! += value * b.data[from + j]!;
    }
  }
  return matrix(n, r, Float32Array.from(sums));
}

/** A Bᵀ: (m × r)(n × r)ᵀ. */
export function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const {rows: m, columns: r} = a;
  const n = b.rows;
  if (b.columns !== r) throw new Error(`timesTransposed: expected ${r} columns on the right, got ${b.columns}`);
  const out = matrix(m, n);
  for (let i = 0; i < m; ++i) {
    for (let k = 0; k < n; ++k) {
      let sum = 0;
      for (let j = 0; j < r; ++j) sum += a.data[i * r + j]! * b.data[k * r + j]!;
      out.data[i * n + k] = sum;
    }
  }
  return out;
}

/** The sum of all squares: the energy of a matrix. */
export function energy({data}: Pick<Matrix, "data">): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum;
}
