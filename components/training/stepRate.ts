/** Steps per second over the last few seconds. */
export class StepRate {
  readonly #now: () => number;
  #times: number[] = [];

  /** now gives ms. */
  constructor(now: () => number) {
    this.#now = now;
    this.restart();
  }

  /** Forgets the past: training was paused, or begins. */
  restart(): void {
    this.#times = [this.#now()];
  }

  count(): void {
    const now = this.#now();
    this.#times.push(now);
    while (this.#times.length > 2 && now - this.#times[0]! > 3000) this.#times.shift();
  }

  /** 0 until a step has been made. */
  get stepsPerSecond(): number {
    const span = this.#times.at(-1)! - this.#times[0]!;
    return span > 0 ? ((this.#times.length - 1) * 1000) / span : 0;
  }
}
