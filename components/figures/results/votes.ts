// The blind game's rules and its tally: which pair, which side, what was voted. No document, no model.

import {stream} from "../../../data/random.js";
import type {Split} from "../../../data/scenes/splits.js";
import {type Share, wilson} from "../../training/tally.js";
import {type Opponent, opponents} from "./opponents.js";

export interface Round {
  /** The miniature's picture is the left one. */
  readonly drawnLeft: boolean;
  /** The scene whose caption is drawn. */
  readonly split: Split;
  readonly place: number;
  /** Of the drawing. */
  readonly seed: number;
}

/** Scenes of this many places are asked about. */
const places = 100_000;

/** The pair of a round; each opponent has rounds of its own. */
export function roundOf(seed: number, opponent: Opponent, round: number): Round {
  const draws = stream(seed, "votes", opponent, round);
  return {drawnLeft: draws.chance(0.5), split: "iid", place: draws.int(places), seed: 1 + draws.int(2 ** 31)};
}

/** For which picture a vote was given. */
export type Side = "left" | "right";
export const sides: readonly Side[] = ["left", "right"];

/** Votes against one opponent. */
export interface Votes {
  readonly pairs: number;
  /** Pairs in which the miniature's picture was thought more like a scene; to fit the caption better. */
  readonly real: number;
  readonly fits: number;
}

export interface Tallies {
  /** Rounds that have been shown of each opponent: they do not come again, not even after a reset. */
  readonly rounds: Readonly<Record<Opponent, number>>;
  readonly votes: Readonly<Record<Opponent, Votes>>;
}

const none: Votes = {pairs: 0, real: 0, fits: 0};
const each = <T>(value: T) => Object.fromEntries(opponents.map((name) => [name, value])) as Record<Opponent, T>;
export const noTallies: Tallies = {rounds: each(0), votes: each(none)};

/** With one pair more: both questions answered. */
export function counted(tallies: Tallies, opponent: Opponent, answer: {real: boolean; fits: boolean}): Tallies {
  const {pairs, real, fits} = tallies.votes[opponent];
  const votes = {pairs: pairs + 1, real: real + Number(answer.real), fits: fits + Number(answer.fits)};
  return {
    rounds: {...tallies.rounds, [opponent]: tallies.rounds[opponent] + 1},
    votes: {...tallies.votes, [opponent]: votes}
  };
}

/** Without votes; the rounds stay counted. */
export function cleared({rounds}: Tallies): Tallies {
  return {rounds, votes: noTallies.votes};
}

/** How often the miniature was preferred, with the interval; null before the first vote. */
export function preference(count: number, pairs: number): Share | null {
  return pairs === 0 ? null : wilson(count, pairs);
}

const key = "votes";

/** What this browser keeps; nothing if it is not there or not understood. */
export function keptTallies(storage: Pick<Storage, "getItem">): Tallies {
  try {
    const found = JSON.parse(storage.getItem(key) ?? "null") as Tallies | null;
    const whole = (n: unknown) => Number.isInteger(n) && (n as number) >= 0;
    const good =
      found !== null &&
      opponents.every((name) => {
        const votes = found.votes[name];
        const counts = [found.rounds[name], votes.pairs, votes.real, votes.fits];
        return counts.every(whole) && votes.real <= votes.pairs && votes.fits <= votes.pairs;
      });
    return good ? found : noTallies;
  } catch {
    return noTallies;
  }
}

/** False where the browser keeps nothing. */
export function keepTallies(storage: Pick<Storage, "setItem">, tallies: Tallies): boolean {
  try {
    storage.setItem(key, JSON.stringify(tallies));
    return true;
  } catch {
    return false;
  }
}
