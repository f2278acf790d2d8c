// What the harness and a peer say to each other, and the peer's side of it. A peer is a worker, a thread or a process of
// its own: tfjs's registries are global.

import type {BackendName} from "../../components/tensor/backendReport.js";
import type {Port} from "../../components/training/gradientServer.js";
import type {Counts} from "./count.js";

export const workloadNames = ["W1", "W2", "W3", "W3, no cache"] as const;
export type WorkloadName = (typeof workloadNames)[number];

export const peerNames = ["ours", "two threads", "stock", "plain", "jax"] as const;
/** Those in JavaScript; PyTorch is a process that speaks the same language. */
export type PeerName = (typeof peerNames)[number];

export interface Workload {
  /** Once; resolves with the loss, or the mean code that was drawn, when it has been read. */
  run(): Promise<number>;
  /** A training step's two parts in ms, with a read at the end of each. */
  parts?(): Promise<Parts>;
  dispose(): void;
}
export interface Parts {
  readonly gradients: number;
  readonly optimizer: number;
}

export interface Peer {
  /** The backend in use and what draws behind it. */
  readonly description: string;
  /** Throws Unable where the framework cannot. */
  make(workload: WorkloadName): Workload | Promise<Workload>;
  /** Called before a workload runs, of several that take turns. */
  before?(workload: WorkloadName): void;
  /** What one run asks of the backend; a framework that cannot tell has none. */
  count?(run: () => Promise<unknown>): Promise<Counts>;
}

/** Why a peer has no number for a workload, as a sentence. */
export class Unable extends Error {
  override name = "Unable";
}

/** The first message. */
export interface Start {
  readonly peer: PeerName;
  readonly backend: BackendName;
}
/** Repeat the workload for at least so many ms, or with 0 run it only if it never has; with account, look at one run. */
export interface Ask {
  readonly workload: WorkloadName;
  readonly least: number;
  readonly account?: boolean;
}
export interface Timed {
  /** Of one call. */
  readonly ms: number;
  /** Of the first call ever, so of a model without an update. */
  readonly value: number;
}
export interface Account {
  readonly counts?: Counts;
  /** The optimiser's part of a training step, from 0 to 1. */
  readonly optimizer?: number;
}
export type Answer = {description: string} | Timed | Account | {unable: string} | {error: string};

/** Serves the port: a Start, then as many Asks as come, one at a time. */
export function servePeer(port: Port, start: (message: Start) => Promise<Peer>): void {
  let peer: Promise<Peer> | null = null;
  const kept = new Map<WorkloadName, Promise<Kept>>();
  const answer = async (message: unknown): Promise<Answer> => {
    if (peer === null) {
      peer = start(message as Start);
      return {description: (await peer).description};
    }
    const {workload, least, account} = message as Ask;
    const own = await peer;
    own.before?.(workload);
    if (!kept.has(workload)) kept.set(workload, keep(own, workload));
    const {made, first} = await kept.get(workload)!;
    if (account) return accountOf(own, made, least);
    return least === 0 ? first : {ms: await timeOf(made, least), value: first.value};
  };
  port.listen(async (message) => {
    const reply = await answer(message).catch((error) =>
      error instanceof Unable ? {unable: error.message} : {error: String(error?.stack ?? error)}
    );
    port.send(reply, []);
  });
}

interface Kept {
  readonly made: Workload;
  readonly first: Timed;
}

async function keep(peer: Peer, workload: WorkloadName): Promise<Kept> {
  const made = await peer.make(workload);
  const started = performance.now();
  const value = await made.run();
  return {made, first: {ms: performance.now() - started, value}};
}

/** Of one call, in ms. */
async function timeOf(workload: Workload, least: number): Promise<number> {
  const started = performance.now();
  let calls = 0;
  do {
    await workload.run();
    ++calls;
  } while (performance.now() - started < least);
  return (performance.now() - started) / calls;
}

async function accountOf(peer: Peer, workload: Workload, least: number): Promise<Account> {
  const counts = await peer.count?.(() => workload.run());
  return {
    ...(counts ? {counts} : {}),
    ...(workload.parts ? {optimizer: await shareOf(() => workload.parts!(), least)} : {})
  };
}

async function shareOf(parts: () => Promise<Parts>, least: number): Promise<number> {
  const started = performance.now();
  let [gradients, optimizer] = [0, 0];
  do {
    const part = await parts();
    gradients += part.gradients;
    optimizer += part.optimizer;
  } while (performance.now() - started < least);
  return optimizer / (gradients + optimizer);
}
