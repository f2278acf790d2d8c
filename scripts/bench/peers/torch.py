"""The benchmark's models in PyTorch, eager, on the CPU. Reads the inputs that inputs.ts made from a folder, then answers
one request a line: {"workload", "least", "account"?}.

    python3 torch.py FOLDER THREADS
"""

import json
import math
import sys
import time

sys.path.pop(0)  # this folder, where this file has the package's name

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402


def load(folder):
    """The inputs of each workload, with tensors in place of the arrays."""
    data = np.fromfile(f"{folder}/inputs.bin", dtype=np.uint8)

    def revive(value):
        if isinstance(value, list):
            return [revive(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if "offset" not in value:
            return {key: revive(entry) for key, entry in value.items()}
        kind = np.dtype(value["dtype"])
        end = value["offset"] + math.prod(value["shape"]) * kind.itemsize
        array = data[value["offset"] : end].view(kind).reshape(value["shape"])
        tensor = torch.from_numpy(array.copy())
        return tensor.long() if tensor.dtype == torch.int32 else tensor

    with open(f"{folder}/inputs.json", encoding="utf8") as file:
        return revive(json.load(file))


def parameters(weights, convolutions=False):
    """Weights as parameters; those of convolutions from [k, k, in, out] to PyTorch's order, of linear layers turned."""

    def order(tensor):
        if tensor.dim() == 4:
            return tensor.permute(3, 2, 0, 1).contiguous()
        return tensor

    params = {name: order(tensor) for name, tensor in weights.items()}
    if not convolutions:
        for name, tensor in params.items():
            if name.endswith(".weight"):
                params[name] = tensor.t().contiguous()
    return {name: tensor.clone().requires_grad_() for name, tensor in params.items()}


class Training:
    """A step as one writes it: backward, clip, AdamW. No moving average: PyTorch's optimiser keeps none."""

    def __init__(self, inputs, params):
        adam = inputs["adam"]
        self.params = params
        self.clip = adam["clipNorm"]
        self.optimizer = torch.optim.AdamW(
            params.values(),
            lr=inputs["learningRate"],
            betas=(adam["beta1"], adam["beta2"]),
            eps=adam["epsilon"],
            weight_decay=adam["weightDecay"],
        )

    def gradients(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        return loss.item()

    def update(self):
        torch.nn.utils.clip_grad_norm_(self.params.values(), self.clip)
        self.optimizer.step()

    def run(self):
        value = self.gradients()
        self.update()
        return value

    def parts(self):
        start = time.perf_counter()
        self.gradients()
        between = time.perf_counter()
        self.update()
        return between - start, time.perf_counter() - between


class Dvae(Training):
    def __init__(self, inputs):
        super().__init__(inputs, parameters(inputs["weights"], convolutions=True))
        self.config = inputs["config"]
        self.hyper = inputs["hyper"]
        self.epsilon = inputs["pixelEpsilon"]
        self.x = inputs["x"].permute(0, 3, 1, 2).contiguous()
        self.noise = inputs["gumbel"].permute(0, 3, 1, 2).contiguous()

    def conv(self, name, x):
        weight = self.params[f"{name}.weight"]
        return F.conv2d(x, weight, self.params[f"{name}.bias"], padding=weight.shape[-1] // 2)

    def block(self, name, x):
        h = x
        for i in (1, 2, 3, 4):
            h = self.conv(f"{name}.conv{i}", F.relu(h))
        identity = self.conv(f"{name}.identity", x) if f"{name}.identity.weight" in self.params else x
        return identity + self.config["postGain"] * h

    def encode(self, x):
        h = self.conv("encoder.input", x)
        for group, count in enumerate(self.config["blocks"]):
            if group > 0:
                h = F.max_pool2d(h, 2)
            for b in range(count):
                h = self.block(f"encoder.group{group + 1}.block{b + 1}", h)
        return self.conv("encoder.output", F.relu(h))

    def decode(self, z):
        h = self.conv("decoder.input", z)
        for group, count in enumerate(reversed(self.config["blocks"])):
            if group > 0:
                h = F.interpolate(h, scale_factor=2, mode="nearest")
            for b in range(count):
                h = self.block(f"decoder.group{group + 1}.block{b + 1}", h)
        return self.conv("decoder.output", F.relu(h))

    def loss(self):
        config, hyper = self.config, self.hyper
        target = (1 - 2 * self.epsilon) * self.x + self.epsilon
        logits = self.encode(target)
        z = F.softmax((logits + hyper["noise"] * self.noise) / hyper["tau"], 1)
        if config["estimator"] == "straightThrough":
            hard = F.one_hot(z.argmax(1), config["codes"]).permute(0, 3, 1, 2)
            z = z + (hard - z).detach()
        mu = torch.sigmoid(self.decode(z)[:, :3])
        sigma = config["pixelScale"]
        nll = (target - mu).square() / (2 * sigma**2) + math.log(sigma) + 0.5 * math.log(2 * math.pi)
        log_q = F.log_softmax(logits, 1)
        kl = (log_q.exp() * log_q).sum(1).mean() + math.log(config["codes"])
        groups = max(1, int(self.x.shape[0] // hyper["usageGroup"]))
        posterior = F.softmax(logits, 1)
        average = posterior.reshape(groups, -1, *posterior.shape[1:]).mean((1, 3, 4))
        usage = -(average * (average + 1e-10).log()).sum(-1).mean()
        positions = logits.numel() / config["codes"] / self.x.numel()
        rate = kl * (hyper["beta"] * positions - hyper["certaintyBonus"])
        return nll.mean() + rate - hyper["usageBonus"] * usage


class Transformer:
    def __init__(self, inputs):
        self.params = parameters(inputs["weights"])
        self.config = inputs["config"]
        self.masks = inputs["masks"]

    def project(self, name, x):
        return F.linear(x, self.params[f"{name}.weight"], self.params[f"{name}.bias"])

    def normalize(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.params[f"{name}.gain"], self.params[f"{name}.bias"], 1e-5)

    def embed_text(self, text):
        tokens = F.embedding(text, self.params["text.embedding"]) + self.params["text.position"]
        return torch.cat([self.params["text.start"].expand(len(text), 1, -1), tokens], 1)

    def embed_image(self, image, first=0):
        places = (self.params["image.row"][:, None] + self.params["image.column"][None]).flatten(0, 1)
        return F.embedding(image, self.params["image.embedding"]) + places[first : first + image.shape[1]]

    def layer(self, name, x, mask, past=None):
        batch, length, width = x.shape
        heads = self.config["heads"]
        qkv = self.project(f"{name}.attention.qkv", self.normalize(f"{name}.attention.norm", x))
        q, k, v = (t.view(batch, length, heads, -1).transpose(1, 2) for t in qkv.chunk(3, -1))
        if past is not None:
            k = torch.cat([past[0], k], 2)
            v = torch.cat([past[1], v], 2)
        scores = q @ k.transpose(-1, -2) / math.sqrt(self.config["headSize"]) + mask
        mixed = (F.softmax(scores, -1) @ v).transpose(1, 2).reshape(batch, length, width)
        x = x + self.project(f"{name}.attention.output", mixed)
        inner = self.project(f"{name}.mlp.input", self.normalize(f"{name}.mlp.norm", x))
        return x + self.project(f"{name}.mlp.output", F.gelu(inner, approximate="tanh")), (k, v)

    def states(self, text, image):
        x = torch.cat([self.embed_text(text), self.embed_image(image)], 1)
        for i, mask in enumerate(self.masks):
            x, _ = self.layer(f"layer{i + 1}", x, mask)
        return self.normalize("output.norm", x)


class Prior(Transformer, Training):
    def __init__(self, inputs):
        Transformer.__init__(self, inputs)
        Training.__init__(self, inputs, self.params)
        self.hyper = inputs["hyper"]
        self.text, self.weight, self.image = inputs["text"], inputs["textWeight"], inputs["image"]

    def loss(self):
        t = self.config["textLength"]
        h = self.states(self.text, self.image[:, :-1])
        targets = self.text.clamp(max=self.config["textVocabulary"] - 1)
        text = F.cross_entropy(self.project("output.text", h[:, :t]).flatten(0, 1), targets.flatten(), reduction="none")
        image = F.cross_entropy(self.project("output.image", h[:, t:]).flatten(0, 1), self.image.flatten())
        return self.hyper["textWeight"] * (text * self.weight.flatten()).sum() + self.hyper["imageWeight"] * image


class Drawing(Transformer):
    def __init__(self, inputs, cached):
        super().__init__(inputs)
        self.candidates = inputs["candidates"]
        self.text = inputs["text"].expand(self.candidates, -1)
        self.uniforms = inputs["uniforms"]
        self.length = self.config["grid"] ** 2
        self.draw = self.draw_cached if cached else self.draw_anew

    @torch.no_grad()
    def run(self):
        return self.draw().double().mean().item()

    def next(self, position, last):
        """The code at which the cumulative mass passes the number given for it."""
        mass = F.softmax(self.project("output.image", last).double(), -1).cumsum(-1)
        codes = torch.searchsorted(mass, self.uniforms[position][:, None], right=True)
        return codes.clamp(max=self.config["codes"] - 1)

    def draw_cached(self):
        cache = [None] * self.config["layers"]
        drawn, read = [], 0
        x = self.embed_text(self.text)
        for position in range(self.length):
            m = x.shape[1]
            for i, mask in enumerate(self.masks):
                x, cache[i] = self.layer(f"layer{i + 1}", x, mask[read : read + m, : read + m], cache[i])
            read += m
            drawn.append(self.next(position, self.normalize("output.norm", x[:, -1])))
            x = self.embed_image(drawn[-1], position) if position < self.length - 1 else x
        return torch.cat(drawn, 1)

    def draw_anew(self):
        drawn = torch.zeros(self.candidates, self.length, dtype=torch.long)
        for position in range(self.length):
            h = self.states(self.text, drawn[:, :-1])
            drawn[:, position] = self.next(position, h[:, self.config["textLength"] + position])[:, 0]
        return drawn


def repeat(call, least):
    """Seconds a call, repeated for at least so many ms."""
    start = time.perf_counter()
    calls = 0
    while calls == 0 or time.perf_counter() - start < least / 1000:
        call()
        calls += 1
    return (time.perf_counter() - start) / calls


def matmul_rate():
    """GFLOP/s of a product of 512 × 512 matrices: tells a fast BLAS from the reference one, thirty times slower."""
    a, b = torch.randn(512, 512), torch.randn(512, 512)
    torch.mm(a, b)
    return 2 * 512**3 / 1e9 / repeat(lambda: torch.mm(a, b), 100)


def main():
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    inputs = load(folder)
    make = {
        "W1": lambda: Dvae(inputs["dvae"]),
        "W2": lambda: Prior(inputs["prior"]),
        "W3": lambda: Drawing(inputs["drawing"], True),
        "W3, no cache": lambda: Drawing(inputs["drawing"], False),
    }
    kept = {}
    about = f"PyTorch {torch.__version__}, {threads} threads, {matmul_rate():.0f} GFLOP/s in a matrix product"
    print(json.dumps({"description": about}), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        name = ask["workload"]
        if name not in kept:
            made = make[name]()
            start = time.perf_counter()
            value = made.run()
            kept[name] = (made, {"ms": 1000 * (time.perf_counter() - start), "value": value})
        made, first = kept[name]
        if not ask.get("account"):
            answer = first if ask["least"] == 0 else {**first, "ms": 1000 * repeat(made.run, ask["least"])}
        elif hasattr(made, "parts"):
            spent = []
            repeat(lambda: spent.append(made.parts()), ask["least"])
            gradients, optimizer = (sum(part) for part in zip(*spent))
            answer = {"optimizer": optimizer / (gradients + optimizer)}
        else:
            answer = {}
        print(json.dumps(answer), flush=True)


main()
