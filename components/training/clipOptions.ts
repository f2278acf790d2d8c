// The options of the study notes' listing and CLIP's own choices, to be switched on in the page, and as stored runs
// (scripts/clip-options.ts, data/clip-options.json).

import type {RunSpec} from "./protocol.js";

export type ClipOptionConfig = NonNullable<RunSpec["config"]>;

export interface ClipOption {
  readonly name: string;
  readonly label: string;
  /** The listing's argument; none for those that are not in it. */
  readonly argument?: string;
  /** What it is, and where it comes from. */
  readonly meaning: string;
  /** What differs from the plain CLIP. */
  readonly config: ClipOptionConfig;
}

export const clipOptions: readonly ClipOption[] = [
  {
    name: "plain",
    label: "plain",
    meaning: "One vector an image, one a caption, as in CLIP; and spoiled copies among the images.",
    config: {}
  },
  {
    name: "unspoiled",
    label: "no spoiled copies",
    meaning: "CLIP as it was published: only other captions’ images to be told apart from.",
    config: {spoiledCopies: false}
  },
  {
    name: "filip",
    label: "late interaction",
    argument: "use_all_token_embeds = True",
    meaning: "FILIP: every word looks for its best patch and every patch for its best word.",
    config: {lateInteraction: true}
  },
  {
    name: "dcl",
    label: "decoupled",
    argument: "decoupled_contrastive_learning = True",
    meaning: "DCL: the match is left out of the denominator.",
    config: {decoupled: true}
  },
  {
    name: "projections",
    label: "second projections",
    argument: "extra_latent_projection = True",
    meaning: "A pair of maps for each direction: all that x-clip keeps of CLOOB.",
    config: {extraProjection: true}
  },
  {
    name: "simclr",
    label: "SimCLR views",
    argument: 'visual_ssl_type = "simclr"',
    meaning: "As in SLIP: two changed views of an image find each other among the others.",
    config: {visualSsl: "simclr"}
  },
  {
    name: "simsiam",
    label: "SimSiam views",
    argument: 'visual_ssl_type = "simsiam"',
    meaning: "As in DeCLIP: one view predicts the other; nothing is pushed away.",
    config: {visualSsl: "simsiam"}
  },
  {
    name: "masked",
    label: "masked text",
    argument: "use_mlm = True",
    meaning: "As in DeCLIP: hidden words are guessed, by a text tower that sees both ways.",
    config: {maskedText: true}
  },
  {
    name: "listing",
    label: "as in the listing",
    meaning: "Late interaction, decoupled, second projections and SimCLR together.",
    config: {lateInteraction: true, decoupled: true, extraProjection: true, visualSsl: "simclr"}
  },
  {name: "batch8", label: "batch of 8", meaning: "Seven others to be told apart from.", config: {batchSize: 8}},
  {name: "batch16", label: "batch of 16", meaning: "Fifteen others.", config: {batchSize: 16}},
  {name: "batch32", label: "batch of 32", meaning: "Thirty-one others.", config: {batchSize: 32}},
  {name: "batch128", label: "batch of 128", meaning: "A hundred and twenty-seven others.", config: {batchSize: 128}}
];

/** A stored run: its numbers at some steps, by name. */
export interface ClipOptionRun {
  readonly option: string;
  readonly seed: number;
  readonly curve: Readonly<Record<string, readonly number[]>>;
}

export interface ClipOptionFile {
  readonly command: string;
  readonly updates: number;
  readonly dataVersion: string;
  readonly runs: readonly ClipOptionRun[];
}
