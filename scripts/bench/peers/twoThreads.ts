// Our training steps shared by two threads, as pre-training shares them: each takes half of the batch. The harness checks
// that the loss is the whole batch's.

import {dvaeLoss} from "../../../components/models/dvae.js";
import {attentionMasks, priorLoss} from "../../../components/models/prior.js";
import type {Weights} from "../../../components/models/weights.js";
import type {BackendName} from "../../../components/tensor/backendReport.js";
import {clone, dispose, type Params, type Tensor, tensor, useBackend} from "../../../components/tensor/index.js";
import {type Gradient, gradientOf, readGradient} from "../../../components/training/gradient.js";
import {type Port, unflattened} from "../../../components/training/gradientServer.js";
import {
  type GradientPartner,
  ModelTrainer,
  type Shard,
  shardRange,
  type Task
} from "../../../components/training/modelTrainer.js";
import {type DvaeInputs, dvaeInputs, type Floats, type Integers, type PriorInputs, priorInputs} from "../inputs.js";
import {type Peer, Unable, type Workload, type WorkloadName} from "../peer.js";

/** startThread: a thread that serves by the named function of this module. */
export async function startTwoThreads(backend: BackendName, startThread: () => Port): Promise<Peer> {
  const {description} = await useBackend(backend);
  return {
    description: `${description}, in each of two`,
    make(workload): Workload {
      const {task, weights} = shared(workload);
      const trainer = new ModelTrainer(
        {model: workload === "W1" ? "dvae" : "prior", size: "s", seed: 1},
        task,
        weights
      );
      trainer.shareWith(partner(startThread(), workload, backend));
      return {
        async run() {
          const metrics = await trainer.update({}, true);
          return metrics!.loss!;
        },
        dispose: () => trainer.dispose()
      };
    }
  };
}

interface Request {
  readonly shard: Shard;
  readonly params: Float32Array;
}

/** The second thread: the workload and the backend first, then parameters, each answered by the gradient of a shard. */
export function serveHalf(port: Port): void {
  let own: Promise<ReturnType<typeof shared>> | null = null;
  port.listen(async (message) => {
    if (own === null) {
      const {workload, backend} = message as {workload: WorkloadName; backend: BackendName};
      own = useBackend(backend).then(() => shared(workload));
      return;
    }
    const {task, weights} = await own;
    const {shard, params} = message as Request;
    const views = unflattened(params, weights);
    const answer = await readGradient(await gradientOf(task, views, 0, task.schedule(0), shard), params);
    port.send(answer, [params.buffer as ArrayBuffer]);
    dispose(views);
  });
}

function partner(port: Port, workload: WorkloadName, backend: BackendName): GradientPartner {
  let settle: {resolve: (gradient: Gradient) => void; reject: (error: Error) => void} | null = null;
  port.listen((message) => {
    if (message instanceof Error) settle?.reject(message);
    else settle?.resolve(message as Gradient);
  });
  port.send({workload, backend}, []);
  return {
    compute: (_step, _hyper, shard, params) =>
      new Promise((resolve, reject) => {
        settle = {resolve, reject};
        port.send({shard, params} satisfies Request, [params.buffer as ArrayBuffer]);
      }),
    dispose: () => port.close()
  };
}

function shared(workload: WorkloadName): {task: Task; weights: Weights} {
  if (workload === "W1") return dvaeTask(dvaeInputs());
  if (workload === "W2") return priorTask(priorInputs());
  throw new Unable("only training is shared");
}

function dvaeTask(inputs: DvaeInputs): {task: Task; weights: Weights} {
  const {config, hyper, weights} = inputs;
  const batch = (shard: Shard) => ({x: rows(inputs.x, shard), gumbel: rows(inputs.gumbel, shard)});
  return {
    weights,
    task: taskOf(inputs, batch, (params, {x, gumbel}) => dvaeLoss(params, config, x!, gumbel!, hyper))
  };
}

function priorTask(inputs: PriorInputs): {task: Task; weights: Weights} {
  const {config, hyper, weights} = inputs;
  const masks = attentionMasks(config);
  const batch = (shard: Shard) => ({
    text: rows(inputs.text, shard),
    // The weights of a shard's own tokens have the sum 1.
    textWeight: rows({...inputs.textWeight, data: inputs.textWeight.data.map((w) => w * shard.count)}, shard),
    image: rows(inputs.image, shard)
  });
  return {
    weights,
    task: taskOf(inputs, batch, (params, {text, textWeight, image}) =>
      priorLoss(params, config, masks, {text: text!, textWeight: textWeight!, image: image!}, hyper)
    )
  };
}

/** A task whose batch is always the same. */
function taskOf(
  {adam, learningRate}: Pick<DvaeInputs, "adam" | "learningRate">,
  batch: (shard: Shard) => Record<string, Tensor>,
  loss: (params: Params, batch: Record<string, Tensor>) => {loss: Tensor; aux: Record<string, Tensor>}
): Task {
  const made = new Map<number, Record<string, Tensor>>();
  return {
    totalSteps: Number.POSITIVE_INFINITY,
    adam,
    schedule: () => ({learningRate}),
    batch(_step, _hyper, shard) {
      if (!made.has(shard.index)) made.set(shard.index, batch(shard));
      // Clones: a trainer disposes of its batch.
      return Object.fromEntries(Object.entries(made.get(shard.index)!).map(([name, x]) => [name, clone(x)]));
    },
    loss: (params, data) => loss(params, data),
    evaluate: async () => ({}),
    evaluateEvery: Number.POSITIVE_INFINITY,
    probe: async () => ({}),
    dispose: () => dispose([...made.values()])
  };
}

function rows({shape, data}: Floats | Integers, shard: Shard): Tensor {
  const [count = 1, ...rest] = shape;
  const {from, to} = shardRange(shard, count);
  const width = data.length / count;
  const dtype = data instanceof Int32Array ? "int32" : "float32";
  return tensor(data.slice(from * width, to * width), [to - from, ...rest], dtype);
}
