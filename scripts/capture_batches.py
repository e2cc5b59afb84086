"""Record what flows through the BatchNorm layers of a small network while it is trained on real data.

Run it again with::

    pip install '.[torch]'
    python scripts/capture_batches.py

It trains a convolutional network (two ``BatchNorm2d`` layers, one ``BatchNorm1d``) on scikit-learn's digits with plain SGD on
the CPU, and at chosen steps keeps, for chosen channels of each layer, the pre-activations y that enter the layer, the
gradient g of the loss with respect to what leaves it, and the layer's γ, β and ε. Nothing is computed from them here: the
numbers are what PyTorch's forward and backward passes handed over, as exact float32. For a 2d layer the batch of a channel
is its N·H·W values, in that order.

Writes ``pybridge/data/batches/digits.npz`` and, beside it, ``digits.json``: where every array comes from, and its sha256.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
import torch
from sklearn.datasets import load_digits
from torch import nn

SEED = 20180529
BATCH = 32
LEARNING_RATE = 0.1
# 1797 images make 57 steps an epoch; step 56 is the last of the first epoch and has 5 images only.
STEPS = (0, 20, 56, 300)
CHANNELS = {"bn1": (0, 3), "bn2": (1, 6), "bn3": (0, 5, 11, 23)}
NAME = "digits"
OUTPUT = Path(__file__).resolve().parent.parent / "pybridge" / "data" / "batches"


class Network(nn.Module):
    """8x8 grey images to ten logits; every BatchNorm layer keeps PyTorch's default ε = 1e-5 and its learnable γ and β."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.linear = nn.Linear(8 * 2 * 2, 24, bias=False)
        self.bn3 = nn.BatchNorm1d(24)
        self.head = nn.Linear(24, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits, shape (N, 10), of images of shape (N, 1, 8, 8)."""
        hidden = torch.max_pool2d(torch.relu(self.bn1(self.conv1(images))), 2)
        hidden = torch.max_pool2d(torch.relu(self.bn2(self.conv2(hidden))), 2)
        hidden = torch.relu(self.bn3(self.linear(hidden.flatten(1))))
        return self.head(hidden)


@dataclass
class Tap:
    """Keeps, for one layer, its last input and the gradient at its last output."""

    before: torch.Tensor = field(default_factory=lambda: torch.empty(0))
    upstream: torch.Tensor = field(default_factory=lambda: torch.empty(0))

    def attach(self, layer: nn.Module) -> None:
        """Hook into the layer's forward pass and, through its output, into the backward pass."""

        def on_forward(_: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
            self.before = inputs[0].detach().clone()
            output.register_hook(self.keep)

        layer.register_forward_hook(on_forward)

    def keep(self, gradient: torch.Tensor) -> None:
        """Record the gradient of the loss with respect to the layer's output."""
        self.upstream = gradient.detach().clone()


def channel_of(tensor: torch.Tensor, channel: int) -> np.ndarray:
    """One channel as a flat float32 vector: shape (N,) or (N, C, H, W) -> (N·H·W,)."""
    values = tensor[:, channel].reshape(-1).numpy()
    if values.dtype != np.float32:
        raise TypeError(f"expected float32 activations, got {values.dtype}")
    return values


def capture() -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
    """Train, and return the recorded arrays by key together with one record per (step, layer, channel)."""
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    network = Network()
    taps = {name: Tap() for name in CHANNELS}
    for name, tap in taps.items():
        tap.attach(getattr(network, name))
    optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
    arrays: dict[str, np.ndarray] = {}
    records: list[dict[str, Any]] = []
    step = epoch = 0
    while step <= max(STEPS):
        for chosen in torch.randperm(len(labels)).split(BATCH):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(images[chosen]), labels[chosen])
            loss.backward()
            if step in STEPS:
                for name, tap in taps.items():
                    for channel in CHANNELS[name]:
                        key = f"{name}-s{step}-c{channel}"
                        layer = getattr(network, name)
                        arrays[f"{key}.y"] = channel_of(tap.before, channel)
                        arrays[f"{key}.g"] = channel_of(tap.upstream, channel)
                        records.append(
                            {
                                "id": f"{NAME}-{key}",
                                "y": f"{key}.y",
                                "g": f"{key}.g",
                                "γ": layer.weight[channel].item(),
                                "β": layer.bias[channel].item(),
                                "ε": layer.eps,
                                "layer": name,
                                "kind": type(layer).__name__,
                                "shape": list(tap.before.shape),
                                "channel": channel,
                                "m": tap.before[:, channel].numel(),
                                "step": step,
                                "epoch": epoch,
                                "loss": loss.item(),
                            }
                        )
            optimizer.step()
            step += 1
        epoch += 1
    return arrays, records


def provenance(records: list[dict[str, Any]], digest: str) -> dict[str, Any]:
    """Everything a reader needs to know where the arrays come from and to make them again."""
    return {
        "name": NAME,
        "file": f"{NAME}.npz",
        "sha256": digest,
        "fills": ["y", "g", "γ", "β", "ε"],
        "meaning": {
            "y": "pre-activations that enter the BatchNorm layer (one channel), float32",
            "g": "gradient of the mean cross-entropy with respect to the layer's output (same channel), float32",
            "γ": "the channel's weight, float32",
            "β": "the channel's bias, float32",
            "ε": "the layer's eps, float64",
        },
        "data": {
            "name": "scikit-learn's digits (sklearn.datasets.load_digits): 1797 grey images of 8x8",
            "source": "UCI Optical Recognition of Handwritten Digits, the test part",
            "citation": "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
            "1998, doi:10.24432/C50P49, CC BY 4.0",
        },
        "training": {"seed": SEED, "batch": BATCH, "optimizer": "SGD", "lr": LEARNING_RATE, "loss": "mean cross-entropy"},
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
        },
        "command": "python scripts/capture_batches.py",
        "records": records,
    }


def main() -> None:
    """Capture and write; with ``--check`` only compare with what is committed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed arrays instead of writing")
    arguments = parser.parse_args()
    arrays, records = capture()
    target = OUTPUT / f"{NAME}.npz"
    if arguments.check:
        with np.load(target) as recorded:
            same = set(recorded.files) == set(arrays) and all(
                np.array_equal(recorded[key], value) for key, value in arrays.items()
            )
        print(f"{target.name}: {'the same arrays, bit for bit' if same else 'DIFFERS from what this machine computes'}")
        raise SystemExit(0 if same else 1)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, **arrays)  # type: ignore[arg-type]
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    text = json.dumps(provenance(records, digest), ensure_ascii=False, indent=1)
    (OUTPUT / f"{NAME}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {len(records)} batches, {target.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
