// The paper's symbols: how each is written in a formula and in the code, and what it means. One table for the formulas
// (TeX macros), the code excerpts and the links between them.

/** The six things of the paper that have a colour; src/style/tokens.css gives the colours under these names. */
export type Meaning = "image" | "encoder" | "codes" | "decoder" | "prior" | "text";

export interface SymbolEntry {
  /** Its TeX, without a colour. */
  readonly tex: string;
  /** The macro that writes it in a page's formula, coloured and linked. */
  readonly macro: string;
  /** Plain characters, for charts and labels. */
  readonly plain: string;
  /** What it is, in a few words; shown to who points at it. */
  readonly words: string;
  readonly meaning?: Meaning;
  /** Identifiers that stand for it in every excerpt of code. */
  readonly identifiers?: readonly string[];
}

/** By name: the value of data-symbol. */
export const symbols = {
  x: {tex: "x", macro: "\\x", plain: "x", words: "image", meaning: "image", identifiers: ["images"]},
  xHat: {tex: "\\hat x", macro: "\\xhat", plain: "x̂", words: "reconstruction", meaning: "image"},
  y: {tex: "y", macro: "\\y", plain: "y", words: "caption, as text tokens", meaning: "text", identifiers: ["caption"]},
  z: {tex: "z", macro: "\\z", plain: "z", words: "codes, one for each place of the grid", meaning: "codes"},
  codes: {tex: "K", macro: "\\K", plain: "K", words: "number of different codes", meaning: "codes"},
  qPhi: {
    tex: "q_\\phi",
    macro: "\\qphi",
    plain: "q_φ",
    words: "encoder: which codes an image has",
    meaning: "encoder",
    identifiers: ["encode"]
  },
  guess: {
    tex: "q",
    macro: "\\guess",
    plain: "q",
    words: "a guess at the code: any distribution over the codes",
    meaning: "encoder"
  },
  logits: {
    tex: "\\ell",
    macro: "\\logits",
    plain: "ℓ",
    words: "logits of the encoder",
    meaning: "encoder",
    identifiers: ["logits"]
  },
  pTheta: {
    tex: "p_\\theta",
    macro: "\\ptheta",
    plain: "p_θ",
    words: "decoder: which image codes have",
    meaning: "decoder",
    identifiers: ["decode", "decodeTokens"]
  },
  mu: {
    tex: "\\mu",
    macro: "\\muS",
    plain: "μ",
    words: "location of a sub-pixel",
    meaning: "decoder",
    identifiers: ["mu"]
  },
  scale: {
    tex: "b",
    macro: "\\scaleS",
    plain: "b",
    words: "scale of the logit-Laplace distribution",
    meaning: "decoder",
    identifiers: ["logScale"]
  },
  gradScale: {tex: "s", macro: "\\gradScale", plain: "s", words: "what a resblock's gradients are multiplied by"},
  pPsi: {
    tex: "p_\\psi",
    macro: "\\ppsi",
    plain: "p_ψ",
    words: "prior: which text and codes go together",
    meaning: "prior"
  },
  tau: {tex: "\\tau", macro: "\\tauS", plain: "τ", words: "temperature of the relaxation", identifiers: ["tau"]},
  probabilities: {
    tex: "\\pi",
    macro: "\\piS",
    plain: "π",
    words: "probabilities of the codes, softmax(ℓ)",
    meaning: "encoder"
  },
  gumbel: {tex: "g", macro: "\\gumbel", plain: "g", words: "Gumbel noise", identifiers: ["gumbel"]},
  zE: {
    tex: "z_e",
    macro: "\\ze",
    plain: "z_e",
    words: "encoder’s output, before a code takes its place",
    meaning: "encoder",
    identifiers: ["zE"]
  },
  zQ: {
    tex: "z_q",
    macro: "\\zq",
    plain: "z_q",
    words: "the chosen code’s vector",
    meaning: "codes",
    identifiers: ["zQ"]
  },
  codebook: {tex: "e", macro: "\\codebook", plain: "e", words: "codebook: K vectors that are learnt", meaning: "codes"},
  dimensions: {tex: "D", macro: "\\dims", plain: "D", words: "length of a code’s vector", identifiers: ["dimensions"]},
  sg: {
    tex: "\\mathrm{sg}",
    macro: "\\sg",
    plain: "sg",
    words: "stop-gradient: the value passes, the derivative does not",
    identifiers: ["sg", "stopGradient"]
  },
  // Before beta: a β in a comment is the KL term's.
  commitment: {
    tex: "\\beta",
    macro: "\\betaC",
    plain: "β",
    words: "weight of the commitment term",
    identifiers: ["commitment"]
  },
  beta: {tex: "\\beta", macro: "\\betaS", plain: "β", words: "weight of the KL term", identifiers: ["beta"]},
  kl: {
    tex: "D_{\\mathrm{KL}}",
    macro: "\\KL",
    plain: "D_KL",
    words: "Kullback–Leibler divergence",
    identifiers: ["kl", "klToUniform"]
  },
  temperature: {
    tex: "t",
    macro: "\\temp",
    plain: "t",
    words: "temperature of sampling",
    identifiers: ["temperature"]
  },
  query: {tex: "Q", macro: "\\queries", plain: "Q", words: "queries: what each state asks for", meaning: "prior"},
  key: {tex: "K'", macro: "\\keys", plain: "K′", words: "keys: what each state offers", meaning: "prior"},
  value: {tex: "V", macro: "\\valuesS", plain: "V", words: "values: what each state hands over", meaning: "prior"},
  mask: {tex: "M", macro: "\\mask", plain: "M", words: "mask: 0 where a state may look, −∞ where not"},
  relaxed: {
    tex: "y",
    macro: "\\relaxed",
    plain: "y",
    words: "relaxed draw: weights over all codes",
    meaning: "codes",
    identifiers: ["relaxedSample"]
  },
  latents: {tex: "d", macro: "\\latents", plain: "d", words: "numbers in the bottleneck", meaning: "codes"},
  zVector: {tex: "z", macro: "\\zvec", plain: "z", words: "latent vector: what is in the bottleneck", meaning: "codes"},
  fPhi: {
    tex: "f_\\phi",
    macro: "\\fphi",
    plain: "f_φ",
    words: "encoder of an autoencoder: image to vector",
    meaning: "encoder"
  },
  gTheta: {
    tex: "g_\\theta",
    macro: "\\gtheta",
    plain: "g_θ",
    words: "decoder of an autoencoder: vector to image",
    meaning: "decoder"
  },
  muPhi: {
    tex: "\\mu_\\phi",
    macro: "\\muphi",
    plain: "μ_φ",
    words: "mean of the latent vector of an image",
    meaning: "encoder"
  },
  sigmaPhi: {
    tex: "\\sigma_\\phi",
    macro: "\\sigmaphi",
    plain: "σ_φ",
    words: "standard deviation of the latent vector of an image",
    meaning: "encoder"
  },
  imageVector: {tex: "u", macro: "\\uvec", plain: "u", words: "an image’s vector, of length 1", meaning: "image"},
  textVector: {tex: "v", macro: "\\vvec", plain: "v", words: "a caption’s vector, of length 1", meaning: "text"},
  similarity: {tex: "S", macro: "\\simil", plain: "S", words: "similarities: cosines times the scale"},
  clipScale: {tex: "e^{s}", macro: "\\clipscale", plain: "eˢ", words: "learnt scale, the inverse of a temperature"},
  epsilon: {tex: "\\varepsilon", macro: "\\epsS", plain: "ε", words: "noise from N(0, I)"},
  gradientM: {
    tex: "M",
    macro: "\\gradM",
    plain: "M",
    words: "a worker’s gradient, with the errors of the steps before"
  },
  gradientHat: {tex: "\\hat G", macro: "\\gradHat", plain: "Ĝ", words: "the gradient that all workers step by"},
  errorBuffer: {tex: "E", macro: "\\errorE", plain: "E", words: "error buffer: what was not sent yet"},
  factorP: {tex: "P", macro: "\\factorP", plain: "P", words: "first factor: where the gradient lies, r columns"},
  factorQ: {tex: "Q", macro: "\\factorQ", plain: "Q", words: "what the gradient is looked at through, r columns"},
  factorNext: {tex: "Q'", macro: "\\factorNext", plain: "Q′", words: "second factor: the coefficients, r columns"},
  rank: {tex: "r", macro: "\\rankR", plain: "r", words: "rank of the approximation"}
} as const satisfies Record<string, SymbolEntry>;

export type SymbolName = keyof typeof symbols;

/** The entry of a name; undefined if there is none. */
export function symbolEntry(name: string): SymbolEntry | undefined {
  return Object.hasOwn(symbols, name) ? symbols[name as SymbolName] : undefined;
}

/** The CSS class of a symbol's meaning, or "". */
export function meaningClass(name: string): string {
  const meaning = symbolEntry(name)?.meaning;
  return meaning ? `means-${meaning}` : "";
}
