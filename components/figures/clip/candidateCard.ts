// One candidate enlarged, with its place in the ranking, its cosine and the grader's verdict.

import {element} from "../../charts/dom.js";
import {pixelImage} from "../../charts/pixelImage.js";
import {type Candidate, wordsOf} from "./ranking.js";

export interface CandidateCard {
  readonly node: HTMLElement;
  /** `judged`: the grader understands the caption. */
  update(candidate: Candidate | undefined, title: string, judged: boolean): void;
}

export function candidateCard(name: string): CandidateCard {
  const picture = pixelImage({images: null, label: `${name}: nothing yet`});
  const title = element("b", {}, name);
  const cosine = element("span", {class: "card-cosine"});
  const verdict = element("span", {class: "card-verdict"});
  const node = element(
    "div",
    {class: "rank-card"},
    picture,
    element("p", {class: "panel-label"}, title, cosine, verdict)
  );
  return {
    node,
    update(candidate, words, judged) {
      title.textContent = words;
      if (candidate === undefined) {
        picture.update({images: null, label: `${words}: none`});
        [cosine.textContent, verdict.textContent] = ["", words === name ? "" : "none"];
        return;
      }
      const {images, index} = candidate;
      const found = judged ? wordsOf(candidate) : "not graded";
      picture.update({images, index, label: `${words}: cosine ${candidate.cosine.toFixed(3)}, ${found}`});
      cosine.textContent = `cosine ${candidate.cosine.toFixed(3)}`;
      verdict.textContent = found;
      verdict.classList.toggle("right", judged && candidate.right);
      verdict.classList.toggle("wrong", judged && !candidate.right);
    }
  };
}
