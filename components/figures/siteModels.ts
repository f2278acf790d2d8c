// The pipeline's and the ranker's weights as they lie on the site: fetched once a page, whichever figure asks first.

import {FileAttachment} from "observablehq:stdlib";
import {fetchModel, fetchShipped} from "./shipped.js";

export const pipelineFiles = {
  xs: {
    dvae: FileAttachment("../../data/checkpoints/xs-dvae.safetensors"),
    prior: FileAttachment("../../data/checkpoints/xs-prior.safetensors")
  },
  s: {
    dvae: FileAttachment("../../data/checkpoints/s-dvae.safetensors"),
    prior: FileAttachment("../../data/checkpoints/s-prior.safetensors")
  }
};

export const loadShipped = fetchShipped(pipelineFiles);

/** The tokens' model alone, for what learns from them. */
export const loadDvae = fetchModel("xs", "dvae", pipelineFiles.xs.dvae);

export const clipFiles = {
  xs: FileAttachment("../../data/checkpoints/xs-clip.safetensors"),
  s: FileAttachment("../../data/checkpoints/s-clip.safetensors")
};
