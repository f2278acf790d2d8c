"""Reference values for the small CLIP and its options, in float64 PyTorch: python3 test/reference/make-clip.py

Written from the papers (CLIP, FILIP, DCL, SimCLR, SimSiam), not from the TypeScript. Weights and inputs are given by a
formula, so the JSON holds results only: the loss, its parts and each gradient.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent
PAIRS, SIZE, STEM, TEXT, VOCAB, LAYERS, HEADS, HEAD, SHARED = 3, 8, [4, 6], 4, 7, 2, 2, 4, 5
D = HEADS * HEAD
END, PAD, HIDDEN = VOCAB, VOCAB + 1, VOCAB + 2


def declare(options):
    weights = {}

    def add(name, shape):
        places = torch.arange(math.prod(shape), dtype=torch.float64)
        value = 0.5 * torch.sin(0.37 * places**2 + 1.3 * len(weights)).reshape(shape)  # no pattern that repeats
        weights[name] = (value + 1 if name.endswith(".gain") else value).requires_grad_(True)

    def linear(name, i, o):
        add(f"{name}.weight", [i, o])
        add(f"{name}.bias", [o])

    def norm(name):
        add(f"{name}.gain", [D])
        add(f"{name}.bias", [D])

    add("scale", [1])
    for i, (before, channels) in enumerate(zip([3] + STEM, STEM), 1):
        add(f"image.conv{i}.weight", [3, 3, before, channels])
        add(f"image.conv{i}.bias", [channels])
    linear("image.patch", STEM[-1], D)
    add("image.class", [D])
    add("image.position", [1 + (SIZE // 2 ** len(STEM)) ** 2, D])
    add("text.embedding", [VOCAB + 3, D])
    add("text.position", [TEXT, D])
    for tower in ("image", "text"):
        for i in range(1, LAYERS + 1):
            name = f"{tower}.layer{i}"
            norm(f"{name}.attention.norm")
            linear(f"{name}.attention.qkv", D, 3 * D)
            linear(f"{name}.attention.output", D, D)
            norm(f"{name}.mlp.norm")
            linear(f"{name}.mlp.input", D, 4 * D)
            linear(f"{name}.mlp.output", 4 * D, D)
        norm(f"{tower}.norm")
        add(f"{tower}.projection", [D, SHARED])
        if options["extraProjection"]:
            add(f"{tower}.projection2", [D, SHARED])
    if options["visualSsl"] != "none":
        for head in ["projection", "predictor"][: 2 if options["visualSsl"] == "simsiam" else 1]:
            linear(f"views.{head}.input", D, D)
            linear(f"views.{head}.output", D, D)
    if options["maskedText"]:
        linear("text.guess", D, VOCAB + 3)
    return weights


def pictures(phase):
    places = torch.arange(SIZE * SIZE * 3)
    rates = (0.05, 0.9, 2.1)  # of one image each, so that they look different
    return torch.stack([0.5 + 0.45 * torch.sin(rate * places + phase) for rate in rates]).reshape(PAIRS, SIZE, SIZE, 3)


TOKENS = torch.tensor([[2, 5, END, PAD], [1, END, PAD, PAD], [6, 0, 3, END]])
WORDS = torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]], dtype=torch.float64)
LAST = [2, 1, 3]
HIDDEN_TOKENS = torch.tensor([[2, HIDDEN, END, PAD], [1, END, PAD, PAD], [HIDDEN, 0, 3, END]])
HIDDEN_AT = [(0, 1), (2, 0)]


def gelu(h):
    return 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))


def clip(**changes):
    options = {"lateInteraction": False, "decoupled": False, "extraProjection": False, "visualSsl": "none",
               "spoiledCopies": False, "maskedText": False} | changes
    p = declare(options)

    def lin(name, h):
        return h @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def norm(name, h):
        return F.layer_norm(h, [D], p[f"{name}.gain"], p[f"{name}.bias"], 1e-5)

    def tower(name, x, causal):
        b, length, _ = x.shape
        for i in range(1, LAYERS + 1):
            layer = f"{name}.layer{i}"
            q, k, v = (
                t.reshape(b, length, HEADS, HEAD).transpose(1, 2)
                for t in lin(f"{layer}.attention.qkv", norm(f"{layer}.attention.norm", x)).chunk(3, -1)
            )
            scores = q @ k.transpose(-1, -2) / math.sqrt(HEAD)
            if causal:
                scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -math.inf)
            mixed = (F.softmax(scores, -1) @ v).transpose(1, 2).reshape(b, length, D)
            x = x + lin(f"{layer}.attention.output", mixed)
            x = x + lin(f"{layer}.mlp.output", gelu(lin(f"{layer}.mlp.input", norm(f"{layer}.mlp.norm", x))))
        return norm(f"{name}.norm", x)

    def image_states(images):
        h = images.permute(0, 3, 1, 2)
        for i in range(1, len(STEM) + 1):
            kernel = p[f"image.conv{i}.weight"].permute(3, 2, 0, 1)
            h = F.max_pool2d(F.relu(F.conv2d(h, kernel, p[f"image.conv{i}.bias"], padding=1)), 2)
        cut = h.flatten(2).transpose(1, 2)
        start = p["image.class"].expand(len(images), 1, D)
        x = torch.cat([start, lin("image.patch", cut)], 1)
        return tower("image", x + p["image.position"], False)

    def text_states(tokens):
        return tower("text", p["text.embedding"][tokens] + p["text.position"], not options["maskedText"])

    shown = torch.cat([pictures(0), pictures(1.3)]) if options["spoiledCopies"] else pictures(0)
    image, text = image_states(shown), text_states(TOKENS)

    def matrices(extra):
        u, v = (image @ p[f"image.projection{extra}"], text @ p[f"text.projection{extra}"])
        if not options["lateInteraction"]:
            u, v = u[:, 0], torch.stack([v[i, at] for i, at in enumerate(LAST)])
            u, v = F.normalize(u, dim=-1), F.normalize(v, dim=-1)
            return v @ u.T, u @ v.T
        u, v = F.normalize(u[:, 1:], dim=-1), F.normalize(v, dim=-1)
        to_image, to_text = torch.zeros(PAIRS, len(u)), torch.zeros(len(u), PAIRS)
        for t in range(PAIRS):
            count = int(WORDS[t].sum())
            for i in range(len(u)):
                s = v[t, :count] @ u[i].T
                to_image[t, i] = s.amax(1).mean()
                to_text[i, t] = s.amax(0).mean()
        return to_image, to_text

    to_image, to_text = matrices("")
    if options["extraProjection"]:
        to_text = matrices("2")[1]
    scale = p["scale"].clamp(max=math.log(100)).exp()

    def contrast(s):
        total = 0
        for i in range(PAIRS):
            among = [s[i, j] for j in range(s.shape[1]) if not (options["decoupled"] and j == i)]
            total = total + torch.stack(among).logsumexp(0) - s[i, i]
        return total / PAIRS

    text_loss, image_loss = contrast(to_image * scale), contrast(to_text * scale)
    w_image = 0.2 if options["visualSsl"] != "none" else 0
    w_text = 0.1 if options["maskedText"] else 0
    loss = (1 - w_image - w_text) * (text_loss + image_loss) / 2
    parts = {"textLoss": text_loss, "imageLoss": image_loss, "scale": scale.reshape([])}

    def two(name, h):
        return lin(f"{name}.output", gelu(lin(f"{name}.input", h)))

    if options["visualSsl"] != "none":
        za, zb = (two("views.projection", image_states(pictures(phase)).mean(1)) for phase in (0.3, 0.7))
        if options["visualSsl"] == "simclr":
            z = F.normalize(torch.cat([za, zb]), dim=-1)
            total = 0
            for i in range(2 * PAIRS):
                row = [z[i] @ z[j] / 0.1 for j in range(2 * PAIRS)]
                others = torch.stack([row[j] for j in range(2 * PAIRS) if j != i])
                total = total + others.logsumexp(0) - row[(i + PAIRS) % (2 * PAIRS)]
            view_loss = total / (2 * PAIRS)
        else:
            pa, pb = two("views.predictor", za), two("views.predictor", zb)
            view_loss = -(F.cosine_similarity(pa, zb.detach()).mean() + F.cosine_similarity(pb, za.detach()).mean()) / 2
        parts["viewLoss"] = view_loss
        loss = loss + w_image * view_loss
    if options["maskedText"]:
        logits = lin("text.guess", text_states(HIDDEN_TOKENS))
        hidden_loss = sum(F.cross_entropy(logits[i, j], TOKENS[i, j]) for i, j in HIDDEN_AT) / len(HIDDEN_AT)
        parts["hiddenLoss"] = hidden_loss
        loss = loss + w_text * hidden_loss
    loss.backward()
    grads = {}
    for name, value in p.items():
        flat = (torch.zeros_like(value) if value.grad is None else value.grad).flatten()
        grads[name] = {
            "norm": flat.norm().item(),
            "first": flat[0].item(),
            "middle": flat[flat.numel() // 2].item(),
            "last": flat[-1].item(),
        }
    return {"loss": loss.item()} | {name: value.item() for name, value in parts.items()} | {"grads": grads}


results = {
    "plain": clip(),
    "decoupled": clip(decoupled=True),
    "lateInteraction": clip(lateInteraction=True),
    "spoiled copies": clip(spoiledCopies=True),
    "spoiled copies, late interaction": clip(spoiledCopies=True, lateInteraction=True),
    "listing": clip(lateInteraction=True, decoupled=True, extraProjection=True, visualSsl="simclr"),
    "simsiam, masked text": clip(visualSsl="simsiam", maskedText=True),
}
(HERE / "clip.json").write_text(json.dumps(results, indent=1) + "\n")
