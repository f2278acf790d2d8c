// Peers in threads of Node.

import type {BackendName} from "../../../components/tensor/backendReport.js";
import {nodePort} from "../../gradientPort.js";
import {type Handle, titles} from "../handle.js";
import type {Answer, Ask, PeerName, Start} from "../peer.js";

export async function startInNode(peer: PeerName, backend: BackendName): Promise<Handle> {
  const port = nodePort("scripts/bench/peers/nodeThread.ts", "serveInNode");
  let settle: (answer: Answer) => void = () => {};
  port.listen((message) => settle(message instanceof Error ? {error: String(message.stack)} : (message as Answer)));
  const ask = (message: Start | Ask) =>
    new Promise<Answer>((resolve) => {
      settle = resolve;
      port.send(message, []);
    });
  const first = await ask({peer, backend});
  return {
    name: titles[peer],
    description: "description" in first ? first.description : "",
    // A peer that does not start at all says why for each workload.
    ask: async (message) => ("description" in first ? ask(message) : first),
    close: async () => port.close()
  };
}
