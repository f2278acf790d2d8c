// Numbers as the figures write them: with the true minus sign, and as many digits as can be read at a glance.

/** Three significant digits, without exponents between 0.001 and 99,999. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const digits =
    size >= 999.5
      ? Math.round(size).toLocaleString("en-GB")
      : size >= 0.001
        ? trimmed(size.toPrecision(3))
        : tiny(size);
  return value < 0 ? `−${digits}` : digits;
}

function trimmed(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function tiny(size: number): string {
  // toExponential rounds before it takes the exponent, so that the mantissa is never 10.
  const [mantissa, exponent] = size.toExponential(1).split("e") as [string, string];
  return `${trimmed(mantissa)}·10${superscript(Number(exponent))}`;
}

function superscript(n: number): string {
  return String(n).replace(/[-\d]/g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(c))));
}

/** A probability as a percentage: 63 %, 4.2 %, < 0.1 %. */
export function formatPercent(p: number): string {
  if (p > 0 && p < 0.001) return "< 0.1 %";
  const percent = p * 100;
  return `${percent >= 9.95 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** A span of time to read aloud: 8 s, 2 min 5 s, 1 h 4 min. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** A step count with thousands set apart. */
export function formatCount(n: number): string {
  return Math.round(n).toLocaleString("en-GB");
}
