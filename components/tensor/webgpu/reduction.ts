// WGSL functions over the values that the invocations of a workgroup hold. All of them must call, together.

/** `sumOf(value, lane)`: Σ of the workgroup's values, in every invocation. */
export const sumOf = reduction("sumOf", (a, b) => `${a} + ${b}`);

/** `largestOf(value, lane)`: their maximum. */
export const largestOf = reduction("largestOf", (a, b) => `max(${a}, ${b})`);

function reduction(name: string, join: (a: string, b: string) => string): string {
  const pool = `${name}Pool`;
  return `
    var<workgroup> ${pool}: array<f32, LANES>;
    fn ${name}(value: f32, lane: i32) -> f32 {
      ${pool}[lane] = value;
      workgroupBarrier();
      for (var width = LANES / 2; width > 0; width /= 2) {
        if (lane < width) { ${pool}[lane] = ${join(`${pool}[lane]`, `${pool}[lane + width]`)}; }
        workgroupBarrier();
      }
      let result = ${pool}[0];
      workgroupBarrier(); // all have read it before the next value comes
      return result;
    }`;
}
