#!/usr/bin/python3
"""Makes tensor.json: values and gradients of the ops and of AdamW by PyTorch in float64.

Only needed to change the stored values: python3 test/reference/make-reference.py
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, seed):
    """Numbers in [-1, 1) that float32 holds exactly; some are equal."""
    n = math.prod(shape)
    return torch.tensor([((i * i * 7 + i * (2 * seed + 5) + seed) % 64) / 32 - 1 for i in range(n)]).reshape(shape)


def case(f, **inputs):
    """The value of f and the gradient of sum(f * cotangent) for each float input."""
    leaves = {k: (v.clone().requires_grad_() if v.is_floating_point() and k != "bias" else v) for k, v in inputs.items()}
    y = f(**leaves)
    cotangent = wave(y.shape, 11)
    (y * cotangent).sum().backward()
    return {
        "inputs": {k: {"shape": list(v.shape), "values": v.flatten().tolist(), "int": not v.is_floating_point()}
                   for k, v in inputs.items()},
        "value": flat(y),
        "cotangent": flat(cotangent),
        "gradients": {k: flat(v.grad) for k, v in leaves.items() if v.requires_grad},
    }


def flat(x):
    return [float(f"{v:.9g}") for v in x.detach().flatten().tolist()]


def conv(x, w, b=None):
    """NHWC and [k, k, in, out], as tfjs has them."""
    return F.conv2d(x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), b, padding=w.shape[0] // 2).permute(0, 2, 3, 1)


def pool(x):
    return F.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)


def up(x):
    return F.interpolate(x.permute(0, 3, 1, 2), scale_factor=2, mode="nearest").permute(0, 2, 3, 1)


def attention(q, k, v, bias):
    return torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias, -1) @ v


def image_model(x, stem, w1, w2, out):
    """A stem, a residual block, a pool, a block, an upsampling, a 1×1 convolution."""
    h = conv(x, stem)
    h = h + 0.25 * conv(F.relu(conv(F.relu(h), w1)), w2)
    h = up(pool(h))
    return conv(F.relu(h), out)


def text_model(table, ids, gain, shift, qkv, mix, bias):
    """An embedding, a layer norm, masked attention of two heads, a GELU, a residual sum; logits by the table."""
    h = table[ids]
    n = F.layer_norm(h, h.shape[-1:], gain, shift, 1e-5)
    q, k, v = (n @ qkv).reshape(*ids.shape, 3, 2, -1).permute(2, 0, 3, 1, 4)
    a = attention(q, k, v, bias).permute(0, 2, 1, 3).reshape(h.shape)
    h = h + F.gelu(a @ mix, approximate="tanh")
    return F.cross_entropy((h @ table.t()).reshape(-1, table.shape[0]), ids.flatten().roll(-1), reduction="none")


def causal(n):
    return torch.triu(torch.full((n, n), -1e9), 1)


def adamw():
    """Five steps of clipping, AdamW and a moving average; the second gradient is large, the fourth one tiny."""
    p = {"weight": wave([3, 4], 1), "bias": wave([4], 2)}
    leaves = {k: v.clone().requires_grad_() for k, v in p.items()}
    options = dict(lr=1e-2, betas=(0.9, 0.96), eps=1e-8)
    optimiser = torch.optim.AdamW(
        [{"params": [leaves["weight"]], "weight_decay": 0.045}, {"params": [leaves["bias"]], "weight_decay": 0}], **options
    )
    ema = {k: v.clone() for k, v in p.items()}
    steps = []
    for i, (size, lr) in enumerate([(0.5, 1e-2), (20, 1e-2), (1, 5e-3), (1e-4, 5e-3), (2, 1e-3)]):
        for group in optimiser.param_groups:
            group["lr"] = lr
        grads = {k: size * wave(v.shape, 3 + i) for k, v in p.items()}
        for k, v in leaves.items():
            v.grad = grads[k].clone()
        norm = torch.nn.utils.clip_grad_norm_(list(leaves.values()), 4.0)
        optimiser.step()
        ema = {k: 0.9 * ema[k] + 0.1 * leaves[k].detach() for k in p}
        steps.append({"learningRate": lr, "norm": float(norm), "gradients": {k: flat(v) for k, v in grads.items()},
                      "params": {k: flat(v) for k, v in leaves.items()}, "ema": {k: flat(v) for k, v in ema.items()}})
    moments = {k: {"m": flat(optimiser.state[v]["exp_avg"]), "v": flat(optimiser.state[v]["exp_avg_sq"])}
               for k, v in leaves.items()}
    return {"params": {k: {"shape": list(v.shape), "values": v.flatten().tolist()} for k, v in p.items()},
            "steps": steps, "moments": moments}


ids = torch.tensor([[4, 1, 1, 0], [2, 4, 3, 3]])
cases = {
    "conv2d": case(conv, x=wave([2, 4, 3, 3], 1), w=wave([3, 3, 3, 2], 2), b=wave([2], 3)),
    "maxPool2": case(pool, x=wave([2, 4, 4, 3], 4)),
    "upsample2": case(up, x=wave([1, 2, 3, 2], 5)),
    "layerNorm": case(lambda x, g, b: F.layer_norm(x, x.shape[-1:], g, b, 1e-5), x=wave([2, 3, 6], 6), g=wave([6], 7),
                      b=wave([6], 8)),
    "gelu": case(lambda x: F.gelu(x, approximate="tanh"), x=4 * wave([12], 9)),
    "softmax": case(lambda x: torch.softmax(x, -1), x=4 * wave([3, 5], 10)),
    "softmaxCrossEntropy": case(lambda x, labels: F.cross_entropy(x, labels, reduction="none"), x=4 * wave([3, 5], 1),
                                labels=torch.tensor([0, 4, 2])),
    "attention": case(attention, q=wave([2, 2, 3, 4], 1), k=wave([2, 2, 3, 4], 2), v=wave([2, 2, 3, 4], 3),
                      bias=causal(3)),
    "embedding": case(lambda table, ids: table[ids], table=wave([5, 3], 4), ids=ids),
    "image model": case(image_model, x=wave([2, 4, 4, 3], 1), stem=wave([3, 3, 3, 4], 2), w1=wave([3, 3, 4, 2], 3),
                        w2=wave([1, 1, 2, 4], 4), out=wave([1, 1, 4, 3], 5)),
    "text model": case(text_model, table=wave([5, 4], 1), ids=ids, gain=wave([4], 2), shift=wave([4], 3),
                       qkv=wave([4, 12], 4), mix=wave([4, 4], 5), bias=causal(4)),
}
target = pathlib.Path(__file__).with_name("tensor.json")
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases, "adamW": adamw()}, separators=(",", ":")))
