// The curves of a stored run, kept beside it so that they are there again after a reload. Losing them loses nothing else.

export interface Curves {
  readonly [metric: string]: {readonly steps: number[]; readonly values: number[]};
}

const mostPoints = 200;

/** Keeps the curves under the run's name; without storage, or when it is full, nothing is kept. */
export function keepCurves(name: string, curves: ReadonlyMap<string, {steps: number[]; values: number[]}>): void {
  const thinned = Object.fromEntries([...curves].map(([metric, curve]) => [metric, thin(curve)]));
  try {
    localStorage.setItem(`curves ${name}`, JSON.stringify(thinned));
  } catch {
    // private windows and full disks: the run itself is stored elsewhere
  }
}

/** The curves up to this step; empty if there are none. */
export function keptCurves(name: string, upTo: number): Curves {
  try {
    const kept = JSON.parse(localStorage.getItem(`curves ${name}`) ?? "{}") as Curves;
    const cut = Object.entries(kept).map(([metric, {steps, values}]) => {
      const count = steps.filter((step) => step <= upTo).length;
      return [metric, {steps: steps.slice(0, count), values: values.slice(0, count)}] as const;
    });
    return Object.fromEntries(cut);
  } catch {
    return {}; // not ours, or an older form
  }
}

function thin({steps, values}: {steps: number[]; values: number[]}): {steps: number[]; values: number[]} {
  const count = steps.length;
  if (count <= mostPoints) return {steps, values};
  const index = Array.from({length: mostPoints}, (_, i) => Math.round((i * (count - 1)) / (mostPoints - 1)));
  return {
    steps: index.map((i) => steps[i]!),
    values: index.map((i) => Number(values[i]!.toPrecision(4)))
  };
}
