// Byte-pair encoding, for pages: what a figure cuts is what the prior reads. No tensor comes with it.

export {encodeText, learnMerges, type Merge, pieces} from "../text/bpe.js";
