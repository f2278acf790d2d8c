"""Reference values for the VQ-VAE, in float64 PyTorch: python3 test/reference/make-vqvae.py

Written from the paper (van den Oord et al. 2017), not from the TypeScript. Weights and inputs are given by a formula, so
the JSON holds results only: the loss, its parts, and each term's gradients.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent

SIZE, FULL, GRID, BLOCKS, CODES, DIMENSIONS, VARIANCE = 8, 4, 6, 1, 5, 3, 0.05


def numbers(shape, offset, scale):
    return (scale * torch.sin(1.7 * torch.arange(math.prod(shape)) + offset)).reshape(shape)


def declare():
    weights = {}

    def add(name, shape):
        weights[name] = numbers(shape, len(weights), 0.3).requires_grad_(True)

    def conv(name, k, i, o):
        add(f"{name}.weight", [k, k, i, o])
        add(f"{name}.bias", [o])

    def blocks(part):
        for b in range(1, BLOCKS + 1):
            conv(f"{part}.block{b}.conv1", 3, GRID, GRID)
            conv(f"{part}.block{b}.conv2", 1, GRID, GRID)

    conv("encoder.input", 3, 3, FULL)
    conv("encoder.down", 3, FULL, GRID)
    blocks("encoder")
    conv("encoder.output", 1, GRID, DIMENSIONS)
    add("codebook", [CODES, DIMENSIONS])
    conv("decoder.input", 1, DIMENSIONS, GRID)
    blocks("decoder")
    conv("decoder.up", 3, GRID, FULL)
    conv("decoder.output", 3, FULL, 3)
    return weights


def losses(w, x):
    def conv(name, h):
        weight = w[f"{name}.weight"].permute(3, 2, 0, 1)
        return F.conv2d(h, weight, w[f"{name}.bias"], padding="same")

    def residuals(part, h):
        for b in range(1, BLOCKS + 1):
            h = h + conv(f"{part}.block{b}.conv2", F.relu(conv(f"{part}.block{b}.conv1", F.relu(h))))
        return h

    h = F.relu(conv("encoder.input", 2 * x - 1))
    h = residuals("encoder", conv("encoder.down", F.max_pool2d(h, 2)))
    z_e = conv("encoder.output", F.relu(h)).permute(0, 2, 3, 1)
    k = torch.cdist(z_e.reshape(-1, DIMENSIONS), w["codebook"]).argmin(1)
    e = w["codebook"][k].reshape(z_e.shape)
    z_q = z_e + (e - z_e).detach()
    h = residuals("decoder", conv("decoder.input", z_q.permute(0, 3, 1, 2)))
    h = F.relu(conv("decoder.up", F.interpolate(F.relu(h), scale_factor=2, mode="nearest")))
    picture = torch.sigmoid(conv("decoder.output", h))
    reconstruction = ((x - picture) ** 2).mean() / (2 * VARIANCE)
    codebook = ((z_e.detach() - e) ** 2).sum(-1).mean()
    commitment = ((z_e - e.detach()) ** 2).sum(-1).mean()
    return {"reconstruction": reconstruction, "codebook": codebook, "commitment": commitment}, k


def main():
    result = {"values": {}, "grads": {}}
    x = (0.5 + numbers([2, SIZE, SIZE, 3], 9, 0.5)).permute(0, 3, 1, 2)
    for term in ["reconstruction", "codebook", "commitment"]:
        w = declare()
        values, k = losses(w, x)
        values[term].backward()
        result["values"][term] = values[term].item()
        result["grads"][term] = {
            name: 0.0 if value.grad is None else value.grad.norm().item() for name, value in w.items()
        }
    result["tokens"] = k.tolist()
    (HERE / "vqvae.json").write_text(json.dumps(result, indent=1) + "\n")


main()
