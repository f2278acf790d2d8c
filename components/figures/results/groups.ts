// The groups of captions that the stored scores are of, and the aspects of a grade, in words.

import type {Grade} from "../../../data/scenes/grade.js";
import type {Split} from "../../../data/scenes/splits.js";
import type {Size} from "../../training/protocol.js";
import type {Scores} from "../../training/tally.js";
import type {LimitCase} from "./limits.js";

export interface Group extends Pick<LimitCase, "split" | "wants"> {
  /** Its key in the manifests. */
  readonly group: string;
  readonly label: string;
  readonly aspects: readonly Aspect[];
}

export type Aspect = "shape and colour" | "all" | "binding" | "relation" | "count" | "shape and face" | "texture";

export const aspectNames: Readonly<Record<Aspect, string>> = {
  "shape and colour": "shape and colour",
  all: "all that is named",
  binding: "each object’s shape and colour",
  relation: "the arrangement",
  count: "the number of objects",
  "shape and face": "shape and face",
  texture: "the pattern"
};

const group = (name: string, label: string, aspects: readonly Aspect[], split: Split, objects?: number): Group => ({
  group: name,
  label,
  aspects,
  split,
  ...(objects === undefined ? {} : {wants: (one) => one.scene.objects.length === objects})
});
const usual: readonly Aspect[] = ["shape and colour", "all"];
const ofTwo: readonly Aspect[] = ["binding", "relation", "all"];

export const groups: Readonly<Record<Size, readonly Group[]>> = {
  s: [
    group("iid, 1 object", "one object", usual, "iid", 1),
    group("iid, 2 objects", "two objects", ofTwo, "iid", 2),
    group("colourShape", "colour and shape never together", usual, "colourShape"),
    group(
      "colourTexture",
      "colour and pattern never together",
      ["shape and colour", "texture", "all"],
      "colourTexture"
    ),
    group("faceShape", "a face on a shape that never had one", ["shape and face", ...usual], "faceShape"),
    group("relation", "an arrangement never seen", ofTwo, "relation"),
    group("threeObjects", "three objects, never seen", ["binding", "count"], "threeObjects"),
    group("paraphrase, 1 object", "one object, in other words", usual, "paraphrase", 1),
    group("paraphrase, 2 objects", "two objects, in other words", ofTwo, "paraphrase", 2)
  ],
  xs: [
    group("iid", "as in training", usual, "iid"),
    group("colourShape", "colour and shape never together", usual, "colourShape"),
    group("paraphrase", "in other words", usual, "paraphrase")
  ]
};

/** What the manifests of a size's two stages store. */
export interface StoredMeasures {
  readonly ceiling: Readonly<Record<string, Scores>>;
  readonly samples: Readonly<Record<string, Scores>>;
  readonly nearestCaption: Readonly<Record<string, Scores>>;
  readonly marginals: Readonly<Record<string, Scores>>;
  readonly command: string;
  readonly measuredAt: string;
}

/** Whether an aspect of a grade is right; null where the caption names nothing of the kind. */
export function isRight({perAttribute, shapeAndColour, allNamed}: Grade, aspect: string): boolean | null {
  switch (aspect) {
    case "shape and colour":
    case "binding":
      return shapeAndColour;
    case "all":
      return allNamed;
    case "shape and face":
      return perAttribute.face === null ? null : perAttribute.shape === 1 && perAttribute.face === 1;
    case "relation":
    case "count":
    case "texture": {
      const value = perAttribute[aspect];
      return value === null ? null : value === 1;
    }
    default:
      throw new Error(`isRight: expected an aspect, got ${aspect}`);
  }
}
