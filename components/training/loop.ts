// Shares the worker's one thread: training steps take turns, and whoever waits for an answer comes first.

/** Something that trains step by step. */
export interface Steps {
  /** Makes one step, if one is still wanted; resolves to whether another is. */
  advance(): Promise<boolean>;
}

/** Training gives way to samples and probes, but never stands still for longer than this, in ms. */
const longestWait = 1000;

/** Runs the steps of all members in turn, yielding to messages after each. */
export class TrainingLoop {
  readonly #members: Steps[] = [];
  #running = false;
  #waiting = 0;
  #idle: Promise<void> = Promise.resolve();
  #becomeIdle: () => void = () => {};

  /** Gives this member turns until it wants none. */
  add(member: Steps): void {
    if (!this.#members.includes(member)) this.#members.push(member);
    if (!this.#running) void this.#run();
  }

  remove(member: Steps): void {
    const i = this.#members.indexOf(member);
    if (i >= 0) this.#members.splice(i, 1);
  }

  /** Runs work that a reader waits for; training holds off meanwhile. */
  async first<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) {
      this.#idle = new Promise((resolve) => {
        this.#becomeIdle = resolve;
      });
    }
    try {
      return await work();
    } finally {
      if (--this.#waiting === 0) this.#becomeIdle();
    }
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#members.length > 0) {
      const member = this.#members.shift()!;
      this.#members.push(member);
      if (!(await member.advance().catch(() => false))) this.remove(member);
      await nextTask();
      if (this.#waiting > 0) await Promise.race([this.#idle, pause(longestWait)]);
    }
    this.#running = false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const resumes: (() => void)[] = [];
let channel: MessageChannel | undefined;

/** Resolves after the messages that have arrived are handled. A timer would wait at least 4 ms each time. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") return void setImmediate(resolve); // Node, which a channel would keep alive
    if (!channel) {
      channel = new MessageChannel();
      channel.port1.onmessage = () => resumes.shift()?.();
    }
    resumes.push(resolve);
    channel.port2.postMessage(null);
  });
}
