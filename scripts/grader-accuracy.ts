// How often the grader reads a true image rightly, also when the image is blurred or noisy:
//
//   npx tsx scripts/grader-accuracy.ts [images a row, default 1000]
//
// The images are those of the i.i.d. split (and of the held-out ones, where the models are asked for what they never
// saw); an image is right if every attribute of every object is, and the background.

import {stream} from "../data/random.js";
import {blurred, noisy} from "../data/scenes/damage.js";
import {type DatasetName, type Example, example, type Split} from "../data/scenes/index.js";
import {rightness} from "../data/scenes/rightness.js";

const count = Number(process.argv[2] ?? 1000);

const damages: readonly (readonly [name: string, (image: Uint8Array, index: number) => Uint8Array])[] = [
  ["clean", (image) => image],
  ["blur σ 0.5 px", (image) => blurred(image, 0.5)],
  ["blur σ 0.8 px", (image) => blurred(image, 0.8)],
  ["blur σ 1.2 px", (image) => blurred(image, 1.2)],
  ["noise σ 8", (image, i) => noisy(image, 8, stream(1, "noise", i))],
  ["noise σ 20", (image, i) => noisy(image, 20, stream(1, "noise", i))],
  ["blur 0.8, noise 8", (image, i) => noisy(blurred(image, 0.8), 8, stream(1, "noise", i))]
];

interface Row {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly split: Split;
  readonly objects: number;
}
const rows: readonly Row[] = [
  {name: "XS", dataset: "xs", split: "iid", objects: 1},
  {name: "S, one object", dataset: "s", split: "iid", objects: 1},
  {name: "S, two objects", dataset: "s", split: "iid", objects: 2},
  {name: "S, face held out", dataset: "s", split: "faceShape", objects: 1},
  {name: "S, three objects", dataset: "s", split: "threeObjects", objects: 3}
];

for (const row of rows) {
  const examples = take(row);
  for (const [damage, apply] of damages) {
    const sums = new Map<string, number>();
    let spent = 0; // processor time: another program may have the processor meanwhile
    examples.forEach(({scene, image}, i) => {
      const damaged = apply(image(), i);
      const start = process.cpuUsage();
      const right = rightness(damaged, scene);
      spent += process.cpuUsage(start).user / 1000;
      for (const [name, share] of Object.entries(right)) {
        if (share !== null) sums.set(name, (sums.get(name) ?? 0) + share);
      }
    });
    const shares = [...sums].map(([name, sum]) => `${name} ${((100 * sum) / examples.length).toFixed(1)}`).join("  ");
    console.log(`${row.name.padEnd(17)} ${damage.padEnd(18)} ${shares}  (${(spent / examples.length).toFixed(1)} ms)`);
  }
}

function take({dataset, split, objects}: Row): Example[] {
  const examples: Example[] = [];
  for (let i = 0; examples.length < count; ++i) {
    const one = example(dataset, split, i);
    if (one.scene.objects.length === objects) examples.push(one);
  }
  return examples;
}
