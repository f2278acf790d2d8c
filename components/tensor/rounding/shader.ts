// What the kernels do to a number's bits, in the statements that GLSL and WGSL share. In scope, all unsigned: u, the
// number's bits; a, those of |x|, with which r, those of the result's magnitude, starts; shift and k to work with.

import type {RoundingAttributes} from "./index.js";

const infinity = "0x7f800000u";

/** A language's ways between a number and its bits. */
export interface Bits {
  readonly toBits: string;
  readonly toFloat: string;
  readonly number: string;
}

export type Body = (attributes: RoundingAttributes, bits: Bits) => string;

const round: Body = ({dropped, lowest, largest, subnormals}, {toBits, toFloat, number}) => `
  if (a < ${infinity}) {
    if (a >= ${hex((lowest + 127) << 23)}) {
      r = (a + ${hex((1 << (dropped - 1)) - 1)} + ((a >> ${dropped}u) & 1u)) & ${hex(~((1 << dropped) - 1))};
      if (r > ${hex(bitsOf(largest))}) { r = ${infinity}; }
    } else {
      r = 0u;
      ${subnormals ? subnormal({dropped, lowest}, {toBits, toFloat, number}) : ""}
    }
  }`;

/** k steps of the subnormal grid. */
function subnormal({dropped, lowest}: Pick<RoundingAttributes, "dropped" | "lowest">, bits: Bits): string {
  const step = hex((lowest - 23 + dropped + 127) << 23);
  return `
      shift = ${dropped + lowest + 127}u - (a >> 23u);
      if (shift <= 24u) {
        k = (a & 0x7fffffu) | 0x800000u;
        k = (k + (1u << (shift - 1u)) - 1u + ((k >> shift) & 1u)) >> shift;
        r = ${bits.toBits}(${bits.number}(k) * ${bits.toFloat}(${step}));
      }`;
}

const finiteOrZero: Body = () => `if (a >= ${infinity}) { r = 0u; u = 0u; }`;

const nonFinite: Body = () => `
  u = 0u;
  r = 0u;
  if (a >= ${infinity}) { r = 0x3f800000u; }`;

export const bodies: Readonly<Record<string, Body>> = {
  RoundToFormat: round,
  FiniteOrZero: finiteOrZero,
  NonFinite: nonFinite
};

function hex(bits: number): string {
  return `0x${(bits >>> 0).toString(16)}u`;
}

function bitsOf(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0]!;
}
