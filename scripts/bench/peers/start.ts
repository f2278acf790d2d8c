// Starts a peer by name. Each is imported only where it runs: tfjs's registries belong to one peer alone.

import type {Port} from "../../../components/training/gradientServer.js";
import {type Peer, type Start, servePeer, Unable} from "../peer.js";

/** What differs between the browser and Node. */
export interface Host {
  /** A second thread, which computes half of each gradient. */
  readonly startHalf?: () => Port;
  /** Registers tfjs's own gradients. */
  readonly registerStockGradients: () => Promise<unknown>;
}

/** The entry of a worker or thread. */
export function serve(port: Port, host: Host): void {
  servePeer(port, (message) => startPeer(message, host));
}

async function startPeer({peer, backend}: Start, {startHalf, registerStockGradients}: Host): Promise<Peer> {
  switch (peer) {
    case "ours":
      return (await import("./ours.js")).startOurs(backend);
    case "stock":
      return (await import("./ours.js")).startStock(backend);
    case "two threads": {
      if (!startHalf) throw new Unable("two threads are measured in Node");
      return (await import("./twoThreads.js")).startTwoThreads(backend, startHalf);
    }
    case "plain":
      return (await import("./plain/start.js")).startPlain(backend, registerStockGradients);
    case "jax":
      return (await import("./jax/start.js")).startJax(backend);
  }
}
