// The bound's two terms and their difference, in a line.

import {formatNumber} from "../../charts/format.js";
import {withSymbols} from "../symbol.js";
import type {Bound} from "./bound.js";

export function termsLine({
  reconstruction,
  kl,
  elbo
}: Pick<Bound, "reconstruction" | "kl" | "elbo">): (Node | string)[] {
  const cost = Math.abs(kl) < 1e-6 ? 0 : kl; // what is left of a sum's rounding
  return withSymbols(
    `reconstruction ${formatNumber(reconstruction)} − D_KL to the prior ${formatNumber(cost)} = ELBO ${formatNumber(elbo)} nats`
  );
}
