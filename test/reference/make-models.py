"""Reference values for the dVAE and the prior, in float64 PyTorch: python3 test/reference/make-models.py

Written from the paper's appendices, not from the TypeScript, so that the two can disagree. Weights and inputs are given
by a formula (see `numbers`), so the JSON holds results only.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent


def numbers(shape, offset, scale):
    size = math.prod(shape)
    return (scale * torch.sin(1.7 * torch.arange(size) + offset)).reshape(shape)


def summarise(tensor):
    flat = tensor.flatten()
    return {
        "norm": flat.norm().item(),
        "first": flat[0].item(),
        "middle": flat[flat.numel() // 2].item(),
        "last": flat[-1].item(),
    }


class Weights:
    """Hands out parameters by name; the n-th that is declared has offset n in the formula."""

    def __init__(self):
        self.all = {}

    def declare(self, name, shape):
        value = numbers(shape, len(self.all), 0.3)
        if name.endswith(".gain"):
            value = value + 1
        self.all[name] = value.requires_grad_(True)

    def grads(self):
        return {
            name: summarise(torch.zeros_like(value) if value.grad is None else value.grad)
            for name, value in self.all.items()
        }


# --- dVAE: 8x8 images, widths 4 and 8, 6 codes ---------------------------------------------------------------------

WIDTHS, CODES, CODE_WIDTH, POST_GAIN, STEM, BOTTLENECK = [4, 8], 6, 5, 0.25, 3, 4


def declare_dvae(w):
    def conv(name, k, i, o):
        w.declare(f"{name}.weight", [k, k, i, o])
        w.declare(f"{name}.bias", [o])

    def groups(part, width, kernels, widths):
        for g, out in enumerate(widths):
            for b in (1, 2):
                name = f"{part}.group{g + 1}.block{b}"
                inner = out // BOTTLENECK
                channels = [width, inner, inner, inner, out]
                if width != out:
                    conv(f"{name}.identity", 1, width, out)
                for i, k in enumerate(kernels):
                    conv(f"{name}.conv{i + 1}", k, channels[i], channels[i + 1])
                width = out
        return width

    conv("encoder.input", STEM, 3, WIDTHS[0])
    deepest = groups("encoder", WIDTHS[0], [3, 3, 3, 1], WIDTHS)
    conv("encoder.output", 1, deepest, CODES)
    conv("decoder.input", 1, CODES, CODE_WIDTH)
    last = groups("decoder", CODE_WIDTH, [1, 3, 3, 3], WIDTHS[::-1])
    conv("decoder.output", 1, last, 6)


def conv2d(w, name, x):
    weight = w.all[f"{name}.weight"].permute(3, 2, 0, 1).contiguous()  # HWIO -> OIHW
    return F.conv2d(x, weight, w.all[f"{name}.bias"], padding=weight.shape[-1] // 2)


def resblock(w, name, x):
    h = x
    for i in range(1, 5):
        h = conv2d(w, f"{name}.conv{i}", F.relu(h))
    skip = conv2d(w, f"{name}.identity", x) if f"{name}.identity.weight" in w.all else x
    return skip + POST_GAIN * h


def dvae(likelihood, estimator):
    w = Weights()
    declare_dvae(w)
    x = 0.5 + 0.45 * torch.sin(0.9 * torch.arange(2 * 8 * 8 * 3)).reshape(2, 8, 8, 3)
    gumbel = torch.sin(2.3 * torch.arange(2 * 4 * 4 * CODES)).reshape(2, 4, 4, CODES)
    tau, beta, bonus = 0.7, 6.6, 0.3
    mapped = 0.8 * x + 0.1
    h = conv2d(w, "encoder.input", mapped.permute(0, 3, 1, 2))
    for g in range(2):
        if g > 0:
            h = F.max_pool2d(h, 2)
        for b in (1, 2):
            h = resblock(w, f"encoder.group{g + 1}.block{b}", h)
    logits = conv2d(w, "encoder.output", F.relu(h)).permute(0, 2, 3, 1)
    y = F.softmax((logits + gumbel) / tau, -1)
    z = y
    if estimator == "straightThrough":
        hard = F.one_hot(y.argmax(-1), CODES).to(y.dtype)
        z = y + (hard - y).detach()
    h = conv2d(w, "decoder.input", z.permute(0, 3, 1, 2))
    for g in range(2):
        if g > 0:
            h = F.interpolate(h, scale_factor=2, mode="nearest")
        for b in (1, 2):
            h = resblock(w, f"decoder.group{g + 1}.block{b}", h)
    statistics = conv2d(w, "decoder.output", F.relu(h)).permute(0, 2, 3, 1)
    mu, log_scale = statistics[..., :3], statistics[..., 3:]
    if likelihood == "logitLaplace":
        log_b = F.softplus(log_scale + 3) - 3  # the floor of -3 is this project's
        logit = torch.log(mapped) - torch.log(1 - mapped)
        nll = math.log(2) + log_b + torch.log(mapped) + torch.log(1 - mapped) + (logit - mu).abs() * torch.exp(-log_b)
    elif likelihood == "l2":
        nll = (mapped - torch.sigmoid(mu)) ** 2 / (2 * 0.1**2) + math.log(0.1) + 0.5 * math.log(2 * math.pi)
    else:
        nll = (mapped - torch.sigmoid(mu)).abs() / 0.1 + math.log(2 * 0.1)
    q = F.softmax(logits, -1)
    kl = (q * (q.log() + math.log(CODES))).sum(-1)
    average = q.reshape(-1, CODES).mean(0)
    usage = -(average * (average + 1e-10).log()).sum()
    loss = (nll.sum() + beta * kl.sum()) / x.numel() - bonus * usage
    loss.backward()
    return {
        "loss": loss.item(),
        "distortion": nll.mean().item(),
        "kl": kl.mean().item(),
        "usage": usage.item(),
        "grads": w.grads(),
    }


# --- prior: 3 text positions, 3x3 grid, 2 heads of 4, 3 layers ------------------------------------------------------

TEXT, VOCAB, GRID, IMAGE_CODES, LAYERS, HEADS, HEAD = 3, 7, 3, 5, 3, 2, 4
D = HEADS * HEAD


def visible(layer, q, k):
    """Section 2.2 and appendix B.1, with states: start and text first."""
    text = TEXT + 1
    if k > q:
        return False
    if k < text:
        return True
    n, m = q - text, k - text
    if layer == LAYERS:  # 3x3 convolution, wrapping round in raster order
        return any(n - m == up * GRID - side for up in (0, 1) for side in (-1, 0, 1))
    if (layer - 2) % 4 == 0:
        return n % GRID == m % GRID
    return n - m <= GRID


def declare_prior(w):
    w.declare("text.start", [1, D])
    w.declare("text.embedding", [VOCAB + TEXT, D])
    w.declare("text.position", [TEXT, D])
    w.declare("image.embedding", [IMAGE_CODES, D])
    w.declare("image.row", [GRID, D])
    w.declare("image.column", [GRID, D])
    for i in range(1, LAYERS + 1):
        for name, shapes in (
            ("attention.norm", {"gain": [D], "bias": [D]}),
            ("attention.qkv", {"weight": [D, 3 * D], "bias": [3 * D]}),
            ("attention.output", {"weight": [D, D], "bias": [D]}),
            ("mlp.norm", {"gain": [D], "bias": [D]}),
            ("mlp.input", {"weight": [D, 4 * D], "bias": [4 * D]}),
            ("mlp.output", {"weight": [4 * D, D], "bias": [D]}),
        ):
            for kind, shape in shapes.items():
                w.declare(f"layer{i}.{name}.{kind}", shape)
    for kind in ("gain", "bias"):
        w.declare(f"output.norm.{kind}", [D])
    w.declare("output.text.weight", [D, VOCAB])
    w.declare("output.text.bias", [VOCAB])
    w.declare("output.image.weight", [D, IMAGE_CODES])
    w.declare("output.image.bias", [IMAGE_CODES])


def prior():
    w = Weights()
    declare_prior(w)
    p = w.all

    text = torch.tensor([[2, 5, VOCAB + 2], [1, VOCAB + 1, VOCAB + 2]])
    mask = torch.tensor([[1.0, 1, 0], [1, 0, 0]])
    image = (torch.arange(2 * GRID * GRID) * 3 % IMAGE_CODES).reshape(2, GRID * GRID)

    rows = torch.arange(GRID * GRID) // GRID
    columns = torch.arange(GRID * GRID) % GRID
    words = p["text.embedding"][text] + p["text.position"]
    start = p["text.start"].expand(2, 1, D)
    pixels = p["image.embedding"][image] + p["image.row"][rows] + p["image.column"][columns]
    x = torch.cat([start, words, pixels[:, :-1]], 1)
    length = x.shape[1]

    def norm(name, h):
        return F.layer_norm(h, [D], p[f"{name}.gain"], p[f"{name}.bias"], 1e-5)

    def lin(name, h):
        return h @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def split(t):
        return t.reshape(2, length, HEADS, HEAD).transpose(1, 2)

    embedded = x[0]
    attention = []
    for i in range(1, LAYERS + 1):
        allowed = torch.tensor([[visible(i, q, k) for k in range(length)] for q in range(length)])
        q, k, v = lin(f"layer{i}.attention.qkv", norm(f"layer{i}.attention.norm", x)).chunk(3, -1)
        scores = split(q) @ split(k).transpose(-1, -2) / math.sqrt(HEAD)
        weights = F.softmax(scores.masked_fill(~allowed, -math.inf), -1)
        attention.append(weights[0])
        mixed = (weights @ split(v)).transpose(1, 2).reshape(2, length, D)
        x = x + lin(f"layer{i}.attention.output", mixed)
        h = lin(f"layer{i}.mlp.input", norm(f"layer{i}.mlp.norm", x))
        h = 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))
        x = x + lin(f"layer{i}.mlp.output", h)
    x = norm("output.norm", x)
    targets = text.clamp(max=VOCAB - 1).reshape(-1)
    text_nats = F.cross_entropy(lin("output.text", x[:, :TEXT]).reshape(-1, VOCAB), targets, reduction="none")
    text_loss = (text_nats * mask.reshape(-1)).sum() / mask.sum()
    image_logits = lin("output.image", x[:, TEXT:]).reshape(-1, IMAGE_CODES)
    image_loss = F.cross_entropy(image_logits, image.reshape(-1))
    loss = text_loss / 8 + image_loss * 7 / 8
    loss.backward()
    return {
        "loss": loss.item(),
        "textLoss": text_loss.item(),
        "imageLoss": image_loss.item(),
        "lastImageLogits": image_logits.reshape(2, GRID * GRID, IMAGE_CODES)[0, -1].tolist(),
        "lastAttention": torch.stack(attention)[:, :, -1].tolist(),
        "embedded": embedded.tolist(),
        "grads": w.grads(),
    }


results = {
    "dvae": {
        f"{likelihood}/{estimator}": dvae(likelihood, estimator)
        for likelihood, estimator in (
            ("logitLaplace", "gumbelSoftmax"),
            ("l2", "straightThrough"),
            ("l1", "gumbelSoftmax"),
        )
    },
    "prior": prior(),
}
(HERE / "models.json").write_text(json.dumps(results, indent=1) + "\n")
