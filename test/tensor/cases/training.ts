// A small model in training, with every op that the models use: for the tests of memory and of repeatability.

import * as t from "../../../components/tensor/index.js";
import {stream} from "../../../data/random.js";

export interface TrainingResult {
  readonly losses: number[];
  /** Tensors and bytes after the first and after the last step. */
  readonly before: {tensors: number; bytes: number};
  readonly after: {tensors: number; bytes: number};
}

const IDS = [0, 3, 3, 1, 2, 0, 1, 3];

/** Trains for some steps and reads the loss at every tenth. Leaves nothing behind. */
export async function trainSmallModel(steps: number): Promise<TrainingResult> {
  const random = stream(5, "small model");
  const initial = {
    stem: t.normalTensor(random, [3, 3, 3, 4], 0.3),
    stemBias: t.zeros([4]),
    mix: t.normalTensor(random, [1, 1, 4, 4], 0.5),
    table: t.normalTensor(random, [4, 4], 0.5),
    gain: t.ones([4]),
    shift: t.zeros([4]),
    qkv: t.normalTensor(random, [4, 12], 0.5)
  };
  const optimiser = new t.AdamW(initial, {
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 1e-3,
    decays: (name) => !["stemBias", "gain", "shift"].includes(name),
    clipNorm: 1,
    emaDecay: 0.9
  });
  t.dispose(initial);
  const images = t.uniformTensor(random, [2, 4, 4, 3]);
  const ids = t.tensor(IDS, [2, 4], "int32");
  const labels = t.reshape(ids, [8]);
  const bias = t.tensor([0, -1e9, -1e9, -1e9, 0, 0, -1e9, -1e9, 0, 0, 0, -1e9, 0, 0, 0, 0], [4, 4]);
  const losses: number[] = [];
  const record = () => ({tensors: t.memory().numTensors, bytes: t.memory().numBytes});
  let before = record();
  for (let step = 0; step < steps; ++step) {
    const noise = t.gumbelTensor(stream(5, "noise", step), [2, 4, 4]);
    const {loss, grads, aux} = t.valueAndGrads(optimiser.params(), (p) => {
      const features = t.maxPool2(t.relu(t.conv2d(images, p.stem!, p.stemBias!))); // (2, 2, 2, 4)
      const wide = t.maxPool2(t.upsample2(t.conv2d(features, p.mix!)));
      const soft = t.softmax(t.add(t.reshape(wide, [2, 4, 4]), t.mul(noise, 0.1)));
      const h = t.layerNorm(t.add(soft, t.embedding(p.table!, ids)), p.gain!, p.shift!, 1e-5);
      const parts = t.transpose(t.reshape(t.linear(h, p.qkv!), [2, 4, 3, 2, 2]), [2, 0, 3, 1, 4]);
      const [q, k, v] = t.unstack(parts, 0);
      const looked = t.reshape(t.transpose(t.attention(q!, k!, v!, bias), [0, 2, 1, 3]), [2, 4, 4]);
      const logits = t.matMul(t.reshape(t.add(h, t.gelu(looked)), [8, 4]), p.table!, false, true);
      const right = t.mean(t.cast(t.equal(t.argMax(logits), labels), "float32"));
      return {loss: t.mean(t.softmaxCrossEntropy(logits, labels)), aux: {right}};
    });
    const {gradNorm} = optimiser.step(grads, 0.02);
    if (step % 10 === 0 || step === steps - 1) losses.push(await t.readScalar(loss));
    t.dispose([loss, grads, aux, gradNorm, noise]);
    optimiser.params();
    if (step === 0) before = record();
  }
  const after = record();
  t.dispose([images, ids, labels, bias]);
  optimiser.dispose();
  return {losses, before, after};
}
