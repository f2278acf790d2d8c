// The fused ops of fast.ts on the WASM backend: one pass over memory where tfjs's composition makes a dozen.

import {
  engine,
  type Scalar,
  scalar,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
  tensor1d
} from "@tensorflow/tfjs-core";
import type {AttentionMask, MaskBlocks} from "../attentionMask.js";
import type {AdamWBuffers, AdamWUpdate, DifferentiableOp, FastOps} from "../fast.js";
import {kernelsOf, offset, scratch, type WasmBackend} from "./module.js";

const backendOf = () => engine().backend as unknown as WasmBackend;

/** A new tensor and where its data will lie. */
function make(backend: WasmBackend, shape: readonly number[]): [Tensor, number] {
  const info: TensorInfo = backend.makeOutput([...shape], "float32");
  return [engine().makeTensorFromTensorInfo(info), offset(backend, info)];
}

const panels = (k: number, n: number) => Math.ceil(n / 8) * 8 * k;

const linear: DifferentiableOp<null> = {
  forward([x, weight, bias]) {
    const backend = backendOf();
    const [rows, inputs] = x!.shape as [number, number];
    const outputs = weight!.shape[1]!;
    const [output, y] = make(backend, [rows, outputs]);
    const room = scratch(backend, panels(inputs, outputs));
    const [px, pw, pb] = [x!, weight!, bias!].map((t) => offset(backend, t)) as [number, number, number];
    kernelsOf(backend).gemm(px, pw, y, rows, outputs, inputs, 0, 0, pb, room);
    return {output, saved: [x!, weight!]};
  },
  backward(dy, [x, weight]) {
    const backend = backendOf();
    const kernels = kernelsOf(backend);
    const [rows, inputs] = x!.shape as [number, number];
    const outputs = weight!.shape[1]!;
    const [dx, px] = make(backend, x!.shape);
    const [dw, pw] = make(backend, weight!.shape);
    const [db, pb] = make(backend, [outputs]);
    const room = scratch(backend, panels(outputs, inputs));
    const d = offset(backend, dy);
    kernels.gemm(d, offset(backend, weight!), px, rows, inputs, outputs, 0, 1, 0, room);
    kernels.gemm(offset(backend, x!), d, pw, inputs, outputs, rows, 1, 0, 0, room);
    kernels.columnSums(d, rows, outputs, 1, pb);
    return [dx, dw, db];
  }
};

const conv2d: DifferentiableOp<null> = {
  forward([x, weight, bias]) {
    const backend = backendOf();
    const [batch, h, w, c] = x!.shape as [number, number, number, number];
    const [k, , , outputs] = weight!.shape as [number, number, number, number];
    const [output, y] = make(backend, [batch, h, w, outputs]);
    const [hp, wp, pad] = [h + k - 1, w + k - 1, (k - 1) / 2];
    const room = scratch(backend, panels(k * k * c, outputs) + hp * wp * c);
    const [px, pw, pb] = [x!, weight!, bias!].map((t) => offset(backend, t)) as [number, number, number];
    kernelsOf(backend).convForward(
      ...[px, pw, y, batch, h, w, c, k, k, h, w, outputs, 1, 1, pad, pad, hp, wp, pb, room]
    );
    return {output, saved: [x!, weight!]};
  },
  backward(dy, [x, weight]) {
    const backend = backendOf();
    const kernels = kernelsOf(backend);
    const [batch, h, w, c] = x!.shape as [number, number, number, number];
    const [k, , , outputs] = weight!.shape as [number, number, number, number];
    const [hp, wp, pad] = [h + k - 1, w + k - 1, (k - 1) / 2];
    const room = () => scratch(backend, panels(k * k * outputs, c) + hp * wp * Math.max(c, outputs));
    const d = offset(backend, dy);
    const size = [batch, h, w, c, k, k, h, w, outputs];
    const ofImage = (): Tensor => {
      const [dx, px] = make(backend, x!.shape);
      kernels.convInputGradient(d, offset(backend, weight!), px, ...size, pad, pad, hp, wp, room());
      return dx;
    };
    const [dw, pw] = make(backend, weight!.shape);
    const [db, pb] = make(backend, [outputs]);
    kernels.convFilterGradient(offset(backend, x!), d, pw, ...size, 1, 1, pad, pad, hp, wp, room());
    kernels.columnSums(d, batch * h * w, outputs, 1, pb);
    return [ofImage, dw, db]; // a first layer's image needs none
  }
};

const layerNorm: DifferentiableOp<{epsilon: number}> = {
  forward([x, gain, bias], _, {epsilon}) {
    const backend = backendOf();
    const n = gain!.size;
    const rows = x!.size / n;
    const [output, y] = make(backend, x!.shape);
    const [statistics, s] = make(backend, [rows, 2]);
    const [px, pg, pb] = [x!, gain!, bias!].map((t) => offset(backend, t)) as [number, number, number];
    kernelsOf(backend).layerNorm(px, pg, pb, rows, n, epsilon, s, y);
    return {output, saved: [x!, gain!, statistics]};
  },
  backward(dy, [x, gain, statistics]) {
    const backend = backendOf();
    const n = gain!.size;
    const [dx, px] = make(backend, x!.shape);
    const [dgain, pg] = make(backend, [n]);
    const [dbias, pb] = make(backend, [n]);
    const from = [dy, x!, gain!, statistics!].map((t) => offset(backend, t));
    kernelsOf(backend).layerNormGradient(...from, x!.size / n, n, px, pg, pb);
    return [dx, dgain, dbias];
  }
};

const gelu: DifferentiableOp<null> = {
  forward([x]) {
    const backend = backendOf();
    const [output, y] = make(backend, x!.shape);
    kernelsOf(backend).gelu(offset(backend, x!), x!.size, y);
    return {output, saved: [x!]};
  },
  backward(dy, [x]) {
    const backend = backendOf();
    const [dx, p] = make(backend, x!.shape);
    kernelsOf(backend).geluGradient(offset(backend, x!), offset(backend, dy), x!.size, p);
    return [dx];
  }
};

const softmaxCrossEntropy: DifferentiableOp<null> = {
  forward([logits], [labels]) {
    const backend = backendOf();
    const [rows, n] = logits!.shape as [number, number];
    const [output, y] = make(backend, [rows]);
    const [probabilities, p] = make(backend, [rows, n]);
    kernelsOf(backend).crossEntropyRows(offset(backend, logits!), offset(backend, labels!), rows, n, p, y);
    return {output, saved: [probabilities, labels!]};
  },
  backward(dy, [probabilities, labels]) {
    const backend = backendOf();
    const [rows, n] = probabilities!.shape as [number, number];
    const [dx, p] = make(backend, [rows, n]);
    const from = [probabilities!, labels!, dy].map((t) => offset(backend, t));
    kernelsOf(backend).crossEntropyRowsGradient(...from, rows, n, p);
    return [dx];
  }
};

const attention: DifferentiableOp<{scale: number}> = {
  forward([q, k, v], [bias], {scale}) {
    const backend = backendOf();
    const [batch, heads, t, d] = q!.shape as [number, number, number, number];
    const s = k!.shape[2]!;
    const [output, y] = make(backend, q!.shape);
    const [weights, p] = make(backend, [batch, heads, t, s]);
    const room = scratch(backend, panels(Math.max(d, s), Math.max(s, d)));
    const [pq, pk, pv] = [q!, k!, v!].map((x) => offset(backend, x)) as [number, number, number];
    const kernels = kernelsOf(backend);
    const [byBatch, byHead] = bias ? biasStrides(bias, [batch, heads, t, s]) : [0, 0];
    for (let i = 0; i < batch * heads; ++i) {
      const [rows, keys, table] = [i * t * d * 4, i * s * d * 4, i * t * s * 4];
      const shift = (Math.floor(i / heads) * byBatch + (i % heads) * byHead) * 4;
      const pb = bias ? offset(backend, bias) + shift : 0;
      kernels.attentionHead(pq + rows, pk + keys, pv + keys, pb, t, s, d, scale, p + table, y + rows, room);
    }
    return {output, saved: [q!, k!, v!, weights]};
  },
  backward(dy, [q, k, v, weights], {scale}) {
    const backend = backendOf();
    const [batch, heads, t, d] = q!.shape as [number, number, number, number];
    const s = k!.shape[2]!;
    const [dq, oq] = make(backend, q!.shape);
    const [dk, ok] = make(backend, k!.shape);
    const [dv, ov] = make(backend, v!.shape);
    const room = scratch(backend, t * s + 4 + panels(Math.max(d, s), Math.max(s, d)));
    const at = [q!, k!, v!, weights!, dy].map((x) => offset(backend, x));
    const [pq, pk, pv, pp, pd] = at as [number, number, number, number, number];
    const kernels = kernelsOf(backend);
    for (let i = 0; i < batch * heads; ++i) {
      const [rows, keys, table] = [i * t * d * 4, i * s * d * 4, i * t * s * 4];
      kernels.attentionHeadGradient(
        ...[pq + rows, pk + keys, pv + keys, pp + table, pd + rows],
        ...[t, s, d, scale, oq + rows, ok + keys, ov + keys, room]
      );
    }
    return [dq, dk, dv];
  }
};

const selfAttention: DifferentiableOp<{heads: number; mask: AttentionMask | null}> = {
  forward([qkv], _, {heads, mask}) {
    const backend = backendOf();
    const [batch, t, width] = qkv!.shape as [number, number, number];
    const d = width / 3 / heads;
    const {count, pairs, largest, table, bias} = mask?.blocks ?? wholeBlock(t);
    const [output, y] = make(backend, [batch, t, heads * d]);
    const [weights, p] = make(backend, [batch, heads, pairs]);
    const {queries, keys} = largest;
    const room = scratch(backend, 2 * (queries + keys) * d + 4 + panels(Math.max(d, keys), Math.max(d, keys)));
    kernelsOf(backend).selfAttention(
      ...[offset(backend, qkv!), offset(backend, table), bias ? offset(backend, bias) : 0, count],
      ...[batch, heads, t, d, 1 / Math.sqrt(d), p, y, room]
    );
    return {output, saved: [qkv!, weights, table]};
  },
  backward(dy, [qkv, weights, table], {heads, mask}) {
    const backend = backendOf();
    const [batch, t, width] = qkv!.shape as [number, number, number];
    const d = width / 3 / heads;
    const {count, largest} = mask?.blocks ?? {count: 1, largest: {queries: t, keys: t, pairs: t * t}};
    const [dqkv, px] = make(backend, qkv!.shape);
    const {queries, keys, pairs} = largest;
    const most = Math.max(d, keys, queries);
    const room = scratch(backend, 4 * (queries + keys) * d + pairs + 16 + panels(most, most));
    kernelsOf(backend).selfAttentionGradient(
      ...[qkv!, weights!, dy, table!].map((x) => offset(backend, x)),
      ...[count, batch, heads, t, d, 1 / Math.sqrt(d), px, room]
    );
    return [dqkv];
  }
};

/** One block in which every query sees every key. */
function wholeBlock(t: number): Omit<MaskBlocks, "bias"> & {bias: null} {
  const all = Array.from({length: t}, (_, i) => i);
  const table = tensor1d(Int32Array.from([t, t, ...all, ...all]), "int32");
  return {count: 1, pairs: t * t, largest: {queries: t, keys: t, pairs: t * t}, table, bias: null};
}

/** How far a batch and a head move in a bias that broadcasts to [b, h, t, s]; its last two axes must be whole. */
function biasStrides(bias: Tensor, [batch, heads, t, s]: readonly [number, number, number, number]): [number, number] {
  const [b = 1, h = 1, rows = 1, columns = 1] = [...Array(4 - bias.rank).fill(1), ...bias.shape] as number[];
  if (rows !== t || columns !== s || (b !== 1 && b !== batch) || (h !== 1 && h !== heads)) {
    throw new Error(`attention: expected a bias [${t}, ${s}] with or without batch and heads, got [${bias.shape}]`);
  }
  return [b === 1 ? 0 : h * t * s, h === 1 ? 0 : t * s];
}

/** Writes over a buffer that nobody else refers to; makes a new one otherwise. */
function adamW(
  grads: Tensor1D,
  {params, m, v, ema, mask}: AdamWBuffers,
  {step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, emaDecay}: AdamWUpdate
): ReturnType<FastOps["adamW"]> {
  const backend = backendOf();
  const kernels = kernelsOf(backend);
  const n = params.size;
  const target = (buffer: Tensor1D): Tensor1D =>
    backend.refCount(buffer.dataId) === 1 ? buffer : (make(backend, buffer.shape)[0] as Tensor1D);
  const out = {params: target(params), m: target(m), v: target(v), ema: ema && target(ema)};
  const at = (x: Tensor | null) => (x ? offset(backend, x) : 0);
  const norm = Math.sqrt(kernels.sumOfSquares(at(grads), n));
  kernels.adamW(
    ...[grads, mask, params, m, v, ema].map(at),
    n,
    clipNorm > 0 ? Math.min(1, clipNorm / (norm + 1e-6)) : 1,
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    ...[beta1, beta2, epsilon, learningRate * weightDecay, emaDecay],
    ...[out.params, out.m, out.v, out.ema].map(at)
  );
  return {...out, gradNorm: scalar(norm) as Scalar};
}

/** All that gain by it; for setFastOps. */
export const wasmFastOps = {
  layerNorm,
  gelu,
  softmaxCrossEntropy,
  attention,
  selfAttention,
  linear,
  conv2d,
  adamW
} satisfies Partial<FastOps>;
