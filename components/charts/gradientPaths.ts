// A VQ-VAE's forward path and, for one term of the loss, how far its gradient comes: into the encoder, the codebook, the
// decoder. What is drawn follows from the three norms alone; a norm of nought is a path that is cut.

import {create} from "d3-selection";
import {type Chart, drawAtWidth} from "./chart.js";
import {element, uniqueId} from "./dom.js";
import {formatNumber} from "./format.js";
import {tenth} from "./plotting.js";

export interface GradientPathsData {
  /** The term's name, as on the loss. */
  readonly term: string;
  /** Where the term is computed: at the image, or between z_e and the codebook. */
  readonly at: "image" | "codes";
  /** Norms of its gradient in encoder, codebook and decoder. */
  readonly norms: readonly [number, number, number];
}

const height = 216;
const line = 64;
const below = 164;

export function gradientPaths(data: GradientPathsData): Chart<GradientPathsData> {
  const svg = create("svg:svg").attr("class", "gradient-paths").attr("role", "img").attr("height", height);
  const node = element("div", {class: "chart"}, svg.node());
  const head = uniqueId("arrow");
  let shown = data;
  const redraw = drawAtWidth(node, 640, (width) => {
    const {term, at, norms} = shown;
    const box = Math.min(120, width * 0.24);
    const place = {
      x: 12,
      encoder: width * 0.22,
      zE: width * 0.4,
      zQ: width * 0.6,
      decoder: width * 0.78,
      out: width - 14,
      middle: width / 2
    };
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width);
    svg.selectAll("*").remove();
    const marker = svg.append("defs").append("marker").attr("id", head).attr("class", "back-head");
    marker.attr("viewBox", "0 0 8 8").attr("refX", 6).attr("refY", 4).attr("orient", "auto");
    marker.attr("markerUnits", "userSpaceOnUse").attr("markerWidth", 14).attr("markerHeight", 14);
    marker.append("path").attr("d", "M0 0L8 4L0 8Z");
    const arrow = (d: string, kind: string, head?: string) => {
      svg.append("path").attr("class", kind).attr("d", d);
      if (head !== undefined) svg.append("path").attr("class", `${kind} head`).attr("d", head);
    };
    const text = (x: number, y: number, words: string, kind: string, anchor = "middle") =>
      svg.append("text").attr("class", kind).attr("x", x).attr("y", y).attr("text-anchor", anchor).text(words);
    const boxAt = (x: number, y: number, words: string, kind: string, symbol: string, moved: boolean) => {
      svg
        .append("rect")
        .attr("class", `box ${kind}${moved ? " moved" : ""}`)
        .attr("x", x - box / 2)
        .attr("y", y - 17)
        .attr("width", box)
        .attr("height", 34)
        .attr("rx", 5);
      text(x, y + 5, words, `label ${kind}`).attr("data-symbol", symbol);
    };
    const forward = (from: number, to: number) =>
      arrow(
        `M${tenth(from)} ${line}H${tenth(to)}`,
        "forward",
        `M${tenth(to - 5)} ${line - 4}L${tenth(to)} ${line}L${tenth(to - 5)} ${line + 4}`
      );

    forward(place.x + 8, place.encoder - box / 2);
    forward(place.encoder + box / 2, place.zE - 12);
    forward(place.zE + 12, place.zQ - 12);
    forward(place.zQ + 12, place.decoder - box / 2);
    forward(place.decoder + box / 2, place.out - 8);
    arrow(`M${tenth(place.middle)} ${below - 18}V${line + 4}`, "forward");
    text(place.x, line + 5, "x", "label means-image").attr("data-symbol", "x");
    for (const [x, index, kind, symbol] of [
      [place.zE, "e", "means-encoder", "zE"],
      [place.zQ, "q", "means-codes", "zQ"]
    ] as const) {
      const letter = text(x, line + 5, "z", `label ${kind}`).attr("data-symbol", symbol);
      letter.append("tspan").attr("class", "index").attr("dy", 4).text(index);
    }
    text(place.out, line + 5, "x̂", "label means-image").attr("data-symbol", "xHat");
    text(place.middle, line - 10, "nearest", "note");
    boxAt(place.encoder, line, "encoder", "means-encoder", "qPhi", norms[0] > 0);
    boxAt(place.middle, below, "codebook", "means-codes", "codebook", norms[1] > 0);
    boxAt(place.decoder, line, "decoder", "means-decoder", "pTheta", norms[2] > 0);

    // The gradient's way back, from where the term stands.
    const largest = Math.max(...norms, 1e-12);
    const back = (norm: number, d: string, x: number, y: number, part: string) => {
      const flows = norm > 0;
      const path = svg
        .append("path")
        .attr("class", flows ? "back" : "back cut")
        .attr("d", d);
      if (flows)
        path.attr("marker-end", `url(#${head})`).attr("stroke-width", tenth(1.5 + 4.5 * Math.sqrt(norm / largest)));
      text(x, y, flows ? `${part} ${formatNumber(norm)}` : `${part} 0`, flows ? "value" : "note");
    };
    if (at === "image") {
      text(place.out, line - 46, term, "label", "end");
      back(
        norms[2],
        `M${tenth(place.out)} ${line + 14}Q${tenth(place.out)} ${line + 34} ${tenth(place.decoder + 8)} ${line + 22}`,
        place.decoder,
        line + 56,
        ""
      );
      back(
        norms[0],
        `M${tenth(place.decoder - 12)} ${line - 20}C${tenth(place.zQ)} 2 ${tenth(place.zE)} 2 ${tenth(place.encoder + 8)} ${line - 20}`,
        place.encoder,
        line - 36,
        ""
      );
      back(
        norms[1],
        `M${tenth(place.decoder - 20)} ${line + 22}Q${tenth(place.zQ)} ${below} ${tenth(place.middle + box / 2 + 3)} ${below}`,
        place.middle,
        below + 38,
        ""
      );
    } else {
      text(place.middle, line + 52, term, "label");
      back(
        norms[0],
        `M${tenth(place.middle - 12)} ${line + 36}Q${tenth(place.zE)} ${line + 34} ${tenth(place.encoder)} ${line + 22}`,
        place.encoder,
        line + 44,
        ""
      );
      back(
        norms[1],
        `M${tenth(place.middle + 22)} ${line + 60}Q${tenth(place.middle + 46)} ${below - 30} ${tenth(place.middle + 22)} ${below - 20}`,
        place.middle,
        below + 38,
        ""
      );
      back(
        norms[2],
        `M${tenth(place.middle + 12)} ${line + 36}Q${tenth(place.zQ)} ${line + 34} ${tenth(place.decoder)} ${line + 22}`,
        place.decoder,
        line + 44,
        ""
      );
    }
    svg.attr(
      "aria-label",
      `${term}: its gradient has the norm ${formatNumber(norms[0])} in the encoder, ${formatNumber(norms[1])} in the codebook, ` +
        `${formatNumber(norms[2])} in the decoder`
    );
  });
  return Object.assign(node, {
    update(next: GradientPathsData) {
      shown = next;
      redraw();
    }
  });
}
