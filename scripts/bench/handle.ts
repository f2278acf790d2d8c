import type {Answer, Ask, PeerName} from "./peer.js";

/** The harness's side of a peer. */
export interface Handle {
  readonly name: string;
  readonly description: string;
  /** One at a time. */
  ask(message: Ask): Promise<Answer>;
  close(): Promise<void>;
}

export const titles: Record<PeerName, string> = {
  ours: "ours",
  "two threads": "ours on two threads",
  stock: "tfjs's kernels",
  plain: "plain tfjs",
  jax: "jax-js"
};
