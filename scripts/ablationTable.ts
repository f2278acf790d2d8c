// The table of docs/results.md: claim of the paper, what the miniature measured, holds or not. From data/ablations.json.

import {runsOf, summaryOf, verdictOf} from "../components/figures/dvae/ablationSummary.js";
import {type AblationFile, type AblationMetric, ablations} from "../components/training/ablations.js";
import {replaceBetween} from "./between.js";

const columns: readonly (readonly [AblationMetric, string])[] = [
  ["hardError", "error, hard codes"],
  ["softError", "error, soft codes"],
  ["perplexity", "codes in use"],
  ["elbTrue", "true bound"],
  ["gap", "relaxed − true"]
];

export function writeAblationTable(file: AblationFile): void {
  replaceBetween("docs/results.md", "ablations", tableOf(file));
}

function tableOf(file: AblationFile): string {
  const head = `| the paper | here | ${columns.map(([, name]) => name).join(" | ")} | runs | |`;
  const rows = ablations.flatMap((ablation) =>
    ablation.settings.map(({label, config}, i) => {
      const runs = runsOf(file, config);
      const diverged = runs.filter(({divergedAt}) => divergedAt !== undefined).length;
      const cells = columns.map(([metric]) => {
        const found = summaryOf(runs, metric);
        return found === null ? "" : `${found.mean.toPrecision(3)} ± ${found.sd.toPrecision(2)}`;
      });
      const count = diverged === 0 ? String(runs.length) : `${runs.length}, ${diverged} diverged`;
      const [claim, verdict] = i === 0 ? [ablation.claim, verdictOf(file, ablation)] : ["", ""];
      return `| ${[claim, label, ...cells, count, verdict].join(" | ")} |`;
    })
  );
  return [
    `XS, ${file.updates} updates, mean ± standard deviation over seeds, scenes of version ${file.dataVersion}. \`${file.command}\``,
    "",
    head,
    `| --- | --- | ${columns.map(() => "---:").join(" | ")} | ---: | --- |`,
    ...rows
  ].join("\n");
}
