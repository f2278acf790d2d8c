// The lines between the cells of a token grid, laid over an image or over patches, and the outline of one cell.

import {create} from "d3-selection";

export interface GridLines extends SVGSVGElement {
  mark(position: number | null): void;
  /** A line below the first so many rows; 0 for none. */
  underline(count: number): void;
}

/** Lines over rows × columns cells; one unit is one cell. */
export function gridLines(rows: number, columns: number): GridLines {
  const svg = create("svg:svg")
    .attr("class", "grid-lines")
    .attr("viewBox", `0 0 ${columns} ${rows}`)
    .attr("preserveAspectRatio", "none")
    .attr("aria-hidden", "true");
  const inner = [
    ...Array.from({length: rows - 1}, (_, i) => `M0 ${i + 1}H${columns}`),
    ...Array.from({length: columns - 1}, (_, i) => `M${i + 1} 0V${rows}`)
  ];
  svg.append("path").attr("class", "lines").attr("d", inner.join(""));
  const under = svg.append("path").attr("class", "under");
  // Two strokes, dark round light, so that the outline is seen on any patch.
  const marks = ["mark-under", "mark"].map((name) =>
    svg.append("rect").attr("class", name).attr("width", 1).attr("height", 1).attr("display", "none")
  );
  return Object.assign(svg.node() as SVGSVGElement, {
    underline(count: number) {
      under.attr("d", count > 0 ? `M0 ${count}H${columns}` : null);
    },
    mark(position: number | null) {
      for (const mark of marks) {
        if (position === null) mark.attr("display", "none");
        else
          mark
            .attr("display", null)
            .attr("x", position % columns)
            .attr("y", Math.floor(position / columns));
      }
    }
  });
}
