"""Reference values for the autoencoder and the VAE, in float64 PyTorch: python3 test/reference/make-autoencoder.py

Written from the formulas, not from the TypeScript. Weights and inputs are given by a formula, as in
make-models.py, only larger.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent
WIDTHS, HIDDEN, LATENTS, SIDE, SCALE = (3, 4, 5), 6, 3, 8, 0.5
CENTRES = [-6, -2, 2, 6, 10]


def numbers(shape, offset, scale):
    return (scale * torch.sin(1.7 * torch.arange(math.prod(shape)) + offset)).reshape(shape)


def summarise(tensor):
    flat = tensor.flatten()
    picked = (flat[0], flat[flat.numel() // 2], flat[-1])
    return dict(zip(("norm", "first", "middle", "last"), (v.item() for v in (flat.norm(), *picked))))


def weights(variational):
    a, b, c = WIDTHS
    flat = (SIDE // 4) ** 2 * c
    table = []

    def layer(name, i, o, k=()):
        table.append((f"{name}.weight", [*k, i, o]))
        table.append((f"{name}.bias", [o]))

    def told(name):
        if variational:
            table.append((f"{name}.gain", [5, HIDDEN]))
            table.append((f"{name}.shift", [5, HIDDEN]))

    layer("encoder.conv1", 3, a, (3, 3))
    layer("encoder.conv2", a, b, (3, 3))
    layer("encoder.conv3", b, c, (3, 3))
    layer("encoder.hidden", flat, HIDDEN)
    told("encoder.hidden")
    layer("encoder.output", HIDDEN, LATENTS * (2 if variational else 1))
    layer("decoder.hidden", LATENTS, HIDDEN)
    told("decoder.hidden")
    layer("decoder.input", HIDDEN, flat)
    layer("decoder.conv1", c, b, (3, 3))
    layer("decoder.conv2", b, a, (3, 3))
    layer("decoder.output", a, 3, (3, 3))
    made = {}
    for offset, (name, shape) in enumerate(table):
        made[name] = (numbers(shape, offset, 0.8) + (1 if name.endswith(".gain") else 0)).requires_grad_(True)
    return made


def conv(w, name, x):
    return F.conv2d(x, w[f"{name}.weight"].permute(3, 2, 0, 1), w[f"{name}.bias"], padding=1)


def dense(w, name, x):
    return x @ w[f"{name}.weight"] + w[f"{name}.bias"]


def hidden(w, name, x, t):
    h = dense(w, name, x)
    if t is None:
        return h.relu()
    told = torch.stack([(1 - (t[:, 0] - c).abs() / 4).clamp(min=0) for c in CENTRES], 1)
    return (h * (1 + told @ w[f"{name}.gain"]) + told @ w[f"{name}.shift"]).relu()


def encode(w, x, t=None):
    h = conv(w, "encoder.conv1", x.permute(0, 3, 1, 2) - 0.5).relu()
    h = conv(w, "encoder.conv2", F.max_pool2d(h, 2)).relu()
    h = conv(w, "encoder.conv3", F.max_pool2d(h, 2)).relu()
    flat = h.permute(0, 2, 3, 1).reshape(len(x), -1)
    return dense(w, "encoder.output", hidden(w, "encoder.hidden", flat, t))


def decode(w, z, t=None):
    h = dense(w, "decoder.input", hidden(w, "decoder.hidden", z, t)).relu()
    y = h.reshape(len(z), SIDE // 4, SIDE // 4, WIDTHS[2]).permute(0, 3, 1, 2)
    for name in ("decoder.conv1", "decoder.conv2"):
        y = F.interpolate(conv(w, name, y).relu(), scale_factor=2, mode="nearest")
    return conv(w, "decoder.output", y).sigmoid().permute(0, 2, 3, 1)


def results(w, values):
    values["loss"].backward()
    return {
        **{name: value.item() for name, value in values.items()},
        "grads": {name: summarise(value.grad) for name, value in w.items()},
    }


x = 0.5 + 0.45 * torch.sin(0.9 * torch.arange(2 * SIDE * SIDE * 3)).reshape(2, SIDE, SIDE, 3)

w = weights(False)
mask = torch.tensor([[1.0, 1, 0], [1, 1, 1]])
loss = ((decode(w, encode(w, x) * mask) - x) ** 2).mean()
autoencoder = results(w, {"loss": loss, "error": loss})

w = weights(True)
t = torch.tensor([[0.3], [5.2]])
beta = 2 ** t[:, 0] - 2.0**-6
mu, log_variance = encode(w, x, t).chunk(2, 1)
q = torch.distributions.Normal(mu, (0.5 * log_variance).exp())
z = mu + q.scale * torch.sin(2.3 * torch.arange(2 * LATENTS)).reshape(2, LATENTS)
distortion = -torch.distributions.Normal(decode(w, z, t), SCALE).log_prob(x).sum((1, 2, 3))
kl = torch.distributions.kl_divergence(q, torch.distributions.Normal(torch.zeros(1), torch.ones(1))).sum(1)
loss = ((distortion + beta * kl) / (1 + beta)).mean()
vae = results(w, {"loss": loss, "distortion": distortion.mean(), "kl": kl.mean()})

(HERE / "autoencoder.json").write_text(json.dumps({"autoencoder": autoencoder, "vae": vae}, indent=1) + "\n")
