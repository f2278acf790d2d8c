// One workload for all peers, in turn.

import type {Handle} from "./handle.js";
import {titles} from "./inputs.js";
import type {Account, WorkloadName} from "./peer.js";
import {cell, head, row} from "./table.js";

export interface Result {
  readonly workload: WorkloadName;
  /** By the peer's name. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Why some peer has no number. */
  readonly notes: readonly string[];
  /** Peers that do not compute what ours compute, each as a sentence. */
  readonly differences: readonly string[];
}

/** How far a first loss may be from ours, relatively. */
const tolerance = 1e-3;

/** Measures and prints a row. The first of the peers is ours. */
export async function measure(
  workload: WorkloadName,
  peers: readonly Handle[],
  {rounds, least}: {rounds: number; least: number}
): Promise<Result> {
  const times = new Map<string, number[]>();
  const values = new Map<string, number>();
  const failures = new Map<string, string>();
  for (let round = 0; round <= rounds; ++round) {
    for (const peer of peers) {
      if (failures.has(peer.name)) continue;
      const answer = await peer.ask({workload, least: round === 0 ? 0 : least});
      if ("ms" in answer) {
        values.set(peer.name, answer.value);
        if (round > 0) times.set(peer.name, [...(times.get(peer.name) ?? []), answer.ms]); // the first only warms up
      } else failures.set(peer.name, "unable" in answer ? answer.unable : reasonOf(answer));
    }
  }
  const ours = peers[0]!.name;
  const cells = peers.map(({name}) => {
    const own = times.get(name);
    return own && !failures.has(name) ? cell(own, name === ours ? null : (times.get(ours) ?? null)) : "—";
  });
  console.log(row([`${workload}: ${titles[workload]}`, ...cells]));

  const accounts = new Map<string, Account>();
  for (const peer of peers) {
    if (failures.has(peer.name) || workload === "W3, no cache") continue; // which is slow, and much like W3
    const answer = await peer.ask({workload, least, account: true});
    if ("error" in answer) failures.set(peer.name, reasonOf(answer));
    else accounts.set(peer.name, answer as Account);
  }
  return {
    workload,
    accounts,
    notes: [...failures].map(([name, reason]) => `${workload}, ${name}: ${reason}`),
    differences: differencesOf(workload, values, ours)
  };
}

function differencesOf(workload: WorkloadName, values: ReadonlyMap<string, number>, ours: string): string[] {
  const expected = values.get(ours);
  if (expected === undefined) return [`${workload}: ours has no value to compare with.`];
  return [...values]
    .filter(([, value]) => !(Math.abs(value - expected) <= tolerance * Math.abs(expected)))
    .map(([name, value]) => `${workload}: ${name} does not compute what ours does: ${value}, not ${expected}.`);
}

function reasonOf(answer: object): string {
  return "error" in answer ? String(answer.error).split("\n")[0]! : JSON.stringify(answer);
}

/** What a call asks of the backend, and the optimiser's part of a step. */
export function printAccounts(results: readonly Result[], peers: readonly Handle[]): void {
  const told = peers.filter(({name}) => results.some(({accounts}) => Object.keys(accounts.get(name) ?? {}).length > 0));
  if (told.length === 0) return;
  console.log(`\nWhat one call runs, and the optimiser's part of its time\n`);
  console.log(head(["", ...told.map(({name}) => name)]));
  for (const {workload, accounts} of results) {
    console.log(row([workload, ...told.map(({name}) => described(accounts.get(name) ?? {}))]));
  }
}

function described({counts, optimizer}: Account): string {
  const parts: string[] = [];
  if (counts) {
    parts.push(`${counts.kernels} kernels and ${counts.views} views`);
    if (counts.programs !== undefined) parts.push(`${counts.programs} dispatches or draws`);
  }
  if (optimizer !== undefined) parts.push(`optimiser ${(100 * optimizer).toPrecision(2)} %`);
  return parts.join("; ") || "—";
}
