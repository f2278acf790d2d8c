// The limits that are said of DALL·E, each as captions for the miniature: what is asked, what must be right, and which
// stored score it belongs to.

import {type Relation, relations} from "../../../data/scenes/grammar.js";
import {type Example, example, type Split} from "../../../data/scenes/splits.js";
import type {Size} from "../../training/protocol.js";
import type {Scores} from "../../training/tally.js";

export interface LimitCase {
  readonly label: string;
  readonly split: Split;
  /** Which of the split's scenes. */
  readonly wants?: (one: Example) => boolean;
  /** What the caption becomes, if not the example's own. */
  readonly said?: (caption: string) => string;
  /** Group and aspect of the stored scores; without one there are only the reader's. */
  readonly group?: string;
  readonly aspect: string;
}

export interface Limit {
  readonly name: string;
  readonly label: string;
  /** What the authors say, with the place. */
  readonly claim: string;
  /** What counts as right. */
  readonly right: string;
  readonly cases: readonly LimitCase[];
}

const objects = (count: number) => (one: Example) => one.scene.objects.length === count;
const inRelation = (relation: Relation) => (one: Example) => one.scene.relation === relation;

export const limits: readonly Limit[] = [
  {
    name: "binding",
    label: "binding, by the number of objects",
    claim:
      "Which colour belongs to which object is got right less and less often as objects are added (section 3.3; blog).",
    right: "each object has its own shape and colour",
    cases: [
      {label: "one object", split: "iid", wants: objects(1), group: "iid, 1 object", aspect: "shape and colour"},
      {label: "two objects", split: "iid", wants: objects(2), group: "iid, 2 objects", aspect: "binding"},
      {label: "three objects: never in training", split: "threeObjects", group: "threeObjects", aspect: "binding"}
    ]
  },
  {
    name: "counting",
    label: "counting",
    claim: "It cannot count reliably past three (blog).",
    right: "as many objects as the caption names",
    cases: [
      {label: "one object", split: "iid", wants: objects(1), group: "iid, 1 object", aspect: "count"},
      {label: "two objects", split: "iid", wants: objects(2), group: "iid, 2 objects", aspect: "count"},
      {label: "three objects: never in training", split: "threeObjects", group: "threeObjects", aspect: "count"}
    ]
  },
  {
    name: "relations",
    label: "left of, right of, above, below",
    claim: "“Left of”, “right of” and “below” fail often (blog).",
    right: "the two objects stand as the caption says",
    cases: [
      {label: "all four, as in training", split: "iid", wants: objects(2), group: "iid, 2 objects", aspect: "relation"},
      {label: "an arrangement never seen of these shapes", split: "relation", group: "relation", aspect: "relation"},
      ...relations.map((relation) => ({
        label: `the scene has “${relation}”`,
        split: "iid" as const,
        wants: inRelation(relation),
        aspect: "relation"
      }))
    ]
  },
  {
    name: "paraphrase",
    label: "other words",
    claim: "Success is brittle to how a caption is phrased; saying it twice helps (blog).",
    right: "each object has its own shape and colour",
    cases: [
      {
        label: "one object, in training’s words",
        split: "iid",
        wants: objects(1),
        group: "iid, 1 object",
        aspect: "shape and colour"
      },
      {
        label: "one object, in other words",
        split: "paraphrase",
        wants: objects(1),
        group: "paraphrase, 1 object",
        aspect: "shape and colour"
      },
      {
        label: "one object, in other words, said twice",
        split: "paraphrase",
        wants: objects(1),
        said: (caption) => `${caption} ${caption}`,
        aspect: "shape and colour"
      },
      {
        label: "two objects, in training’s words",
        split: "iid",
        wants: objects(2),
        group: "iid, 2 objects",
        aspect: "binding"
      },
      {
        label: "two objects, in other words",
        split: "paraphrase",
        wants: objects(2),
        group: "paraphrase, 2 objects",
        aspect: "binding"
      }
    ]
  },
  {
    name: "fusion",
    label: "fusion of what was never together",
    claim:
      "Unrelated concepts are often combined plausibly (section 3.3); at times they are put side by side instead (blog).",
    right: "both parts are there, on one object; of a pattern, that it is there",
    cases: [
      {
        label: "colour and shape, seen together",
        split: "iid",
        wants: objects(1),
        group: "iid, 1 object",
        aspect: "shape and colour"
      },
      {
        label: "colour and shape, never together",
        split: "colourShape",
        group: "colourShape",
        aspect: "shape and colour"
      },
      {
        label: "a face on a shape that has had one",
        split: "iid",
        wants: (one) => objects(1)(one) && one.scene.objects[0]!.face,
        group: "iid, 1 object",
        aspect: "shape and face"
      },
      {
        label: "a face on a shape that never had one",
        split: "faceShape",
        group: "faceShape",
        aspect: "shape and face"
      },
      {label: "colour and pattern, never together", split: "colourTexture", group: "colourTexture", aspect: "texture"}
    ]
  }
];

/** Places from here on are in no stored score: those take the first few hundred. */
const fresh = 10_000;

/** A case's captions from a place on. */
export function* captionsOf(
  size: Size,
  {split, wants, said}: Pick<LimitCase, "split" | "wants" | "said">,
  skip = fresh
): Generator<Asked> {
  for (let place = skip; ; ++place) {
    const one = example(size, split, place);
    if (wants !== undefined && !wants(one)) continue;
    yield {caption: said === undefined ? one.caption : said(one.caption), graded: one.caption};
  }
}

/** A caption as it is drawn, and as it is graded. */
export interface Asked {
  readonly caption: string;
  readonly graded: string;
}

export type StoredScores = Readonly<Record<string, Scores>>;
