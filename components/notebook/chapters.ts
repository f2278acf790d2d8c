// The chapters in reading order: their names, what each answers, how long it takes, and whose runs belong to it. The
// header, the pager and the home page's path are made of this list.

export interface Chapter {
  /** Short, for the header. */
  readonly name: string;
  /** Its page is src/<path>.md. */
  readonly path: string;
  /** What it is about, in one line. */
  readonly line: string;
  /** To read it and let its models train once. */
  readonly minutes: number;
  /** The models that train in it, by the names of their runs. */
  readonly models: readonly string[];
}

export const chapters: readonly Chapter[] = [
  {
    name: "Autoencoder",
    path: "/autoencoder",
    line: "How few numbers can hold a picture, and what lies between two of them?",
    minutes: 15,
    models: ["ae", "aePlane", "autoencoder"]
  },
  {
    name: "VAE",
    path: "/vae",
    line: "Noise and a prior fill the empty space, so that pictures can be drawn from it.",
    minutes: 20,
    models: ["vae", "vaePlane"]
  },
  {
    name: "VQ-VAE",
    path: "/vqvae",
    line: "A picture as a grid of codes from a book that can be seen.",
    minutes: 20,
    models: ["vqvae", "vqvaePlane"]
  },
  {
    name: "Gumbel-softmax",
    path: "/gumbel",
    line: "How a choice among many, which has no gradient, is given one.",
    minutes: 20,
    models: ["gumbel"]
  },
  {
    name: "ELBO",
    path: "/elbo",
    line: "What the whole pipeline maximises, checked where it can be computed exactly.",
    minutes: 20,
    models: ["elbo"]
  },
  {
    name: "dVAE",
    path: "/dvae",
    line: "Images become codes, with every knob of the paper in reach.",
    minutes: 25,
    models: ["dvae"]
  },
  {
    name: "Prior",
    path: "/prior",
    line: "A transformer reads the caption and writes the codes, one after the other.",
    minutes: 30,
    models: ["prior"]
  },
  {
    name: "Pipeline",
    path: "/dalle",
    line: "From the caption to the pixels and back: everything together, measured.",
    minutes: 25,
    models: []
  },
  {
    name: "CLIP",
    path: "/clip",
    line: "Which caption goes with which picture? A ranker for many candidates, trained on pairs.",
    minutes: 30,
    models: ["clip"]
  },
  {
    name: "Scale",
    path: "/scale",
    line: "Sixteen bits, many machines, too little memory: what it takes to train 12 billion parameters.",
    minutes: 30,
    models: ["priorHalf", "priorParallel"]
  },
  {
    name: "Results",
    path: "/results",
    line: "Votes, distances, scores: what they say of the paper's model and of this one, and where both fail.",
    minutes: 25,
    models: []
  }
];

/** Runs on these pages train models of other chapters; their names tell where they were trained. */
export const pipelineRun = /^pipeline-/;
const resultsRun = /^results-/;

/** The chapter in which a stored run was trained; null if it is none's. */
export function chapterOf({name, model}: {readonly name: string; readonly model: string}): Chapter | null {
  if (pipelineRun.test(name)) return chapters.find(({path}) => path === "/dalle") ?? null;
  if (resultsRun.test(name)) return chapters.find(({path}) => path === "/results") ?? null;
  return chapters.find(({models}) => models.includes(model)) ?? null;
}
