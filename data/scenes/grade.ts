// Does an image show what a caption asks for?

import {type FoundObject, type Reading, readScene} from "./grader.js";
import type {Relation} from "./grammar.js";
import type {WantedObject, WantedScene} from "./parse.js";

/** Shares in [0, 1] of what the caption names; null where it names nothing of the kind. */
export interface AttributeScores {
  /** 1 if there are as many objects as named. */
  readonly count: number;
  readonly shape: number | null;
  readonly colour: number | null;
  readonly texture: number | null;
  readonly size: number | null;
  readonly face: number | null;
  readonly place: number | null;
  readonly background: number | null;
  readonly relation: number | null;
}

export interface Grade {
  readonly perAttribute: AttributeScores;
  /** Each wanted object is there with the shape and colour that the caption gives it; others may be there too. */
  readonly shapeAndColour: boolean;
  /** Of two or more objects: are all named shapes and all named colours there, whichever belongs to which? */
  readonly present: boolean | null;
  /** Of two or more objects: does each shape have its colour? The same as shapeAndColour; null for one object. */
  readonly binding: boolean | null;
  /** All that the caption names, the number of objects included. */
  readonly allNamed: boolean;
  readonly reading: Reading;
}

type Named = "shape" | "colour" | "texture" | "size" | "face" | "place";
const named: readonly Named[] = ["shape", "colour", "texture", "size", "face", "place"];
/** Which found object is taken for which wanted one: first by shape and colour. */
const weights: Readonly<Record<Named, number>> = {shape: 10, colour: 10, texture: 2, size: 2, face: 2, place: 3};

/** image: uint8 RGB of 16×16 or 32×32 pixels. */
export function grade(image: Uint8Array, wanted: WantedScene): Grade {
  return gradeReading(readScene(image), wanted);
}

export function gradeReading(reading: Reading, wanted: WantedScene): Grade {
  const candidates = assignments(wanted.objects.length, reading.objects);
  const scored = candidates.map((assignment) => ({assignment, score: scoreOf(wanted, assignment)}));
  const {assignment} = scored.reduce((best, candidate) => (candidate.score > best.score ? candidate : best));
  const shares = Object.fromEntries(named.map((name) => [name, share(name, wanted.objects, assignment)]));
  const perAttribute: AttributeScores = {
    ...(shares as Record<Named, number | null>),
    count: Number(reading.objects.length === wanted.objects.length),
    background: wanted.background === null ? null : Number(wanted.background === reading.background),
    relation: wanted.relation === null ? null : Number(related(wanted.relation, assignment))
  };
  const shapeAndColour = (perAttribute.shape ?? 1) === 1 && (perAttribute.colour ?? 1) === 1;
  const several = wanted.objects.length > 1;
  return {
    perAttribute,
    shapeAndColour,
    present: several ? holdsAll(wanted, reading, "shape") && holdsAll(wanted, reading, "colour") : null,
    binding: several ? shapeAndColour : null,
    allNamed: Object.values(perAttribute).every((value) => value === null || value === 1),
    reading
  };
}

/** Does the first stand so to the second? Only the greater of the two distances counts; if they are equal, both do. */
export function relationHolds(a: FoundObject, relation: Relation, b: FoundObject): boolean {
  const dx = b.x + b.box / 2 - (a.x + a.box / 2);
  const dy = b.y + b.box / 2 - (a.y + a.box / 2);
  switch (relation) {
    case "left of":
      return dx > 0 && dx >= Math.abs(dy);
    case "right of":
      return dx < 0 && -dx >= Math.abs(dy);
    case "above":
      return dy > 0 && dy >= Math.abs(dx);
    case "below":
      return dy < 0 && -dy >= Math.abs(dx);
  }
}

type Assignment = readonly (FoundObject | null)[];

/** Every way to take found objects for the wanted ones, each at most once. */
function assignments(count: number, found: readonly FoundObject[]): Assignment[] {
  if (count === 0) return [[]];
  const choices: readonly (FoundObject | null)[] = [...found, null];
  return choices.flatMap((first) =>
    assignments(
      count - 1,
      found.filter((object) => object !== first)
    ).map((rest) => [first, ...rest])
  );
}

function scoreOf(wanted: WantedScene, assignment: Assignment): number {
  const own = wanted.objects.reduce((sum, object, i) => {
    const found = assignment[i]!;
    return sum + named.reduce((s, name) => s + (agrees(name, object, found) === true ? weights[name] : 0), 0);
  }, 0);
  return own + (wanted.relation !== null && related(wanted.relation, assignment) ? 5 : 0);
}

/** null if the caption does not name it. */
function agrees(name: Named, wanted: WantedObject, found: FoundObject | null): boolean | null {
  if (name === "place") {
    const {row, column} = wanted.place;
    if (row === null && column === null) return null;
    if (found === null) return false;
    return (row ?? found.place.row) === found.place.row && (column ?? found.place.column) === found.place.column;
  }
  return wanted[name] === null ? null : found !== null && wanted[name] === found[name];
}

function share(name: Named, wanted: readonly WantedObject[], assignment: Assignment): number | null {
  const verdicts = wanted.map((object, i) => agrees(name, object, assignment[i]!)).filter((v) => v !== null);
  return verdicts.length === 0 ? null : verdicts.filter((right) => right).length / verdicts.length;
}

function related(relation: Relation, [a, b]: Assignment): boolean {
  return a != null && b != null && relationHolds(a, relation, b);
}

/** Are all wanted values among those found, as often as wanted? */
function holdsAll(wanted: WantedScene, {objects}: Reading, name: "shape" | "colour"): boolean {
  const left = objects.map((object): string => object[name]);
  return wanted.objects.every((object) => {
    const value = object[name];
    if (value === null) return true;
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
