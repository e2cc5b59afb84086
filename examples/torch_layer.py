"""torch: autograd through torch's own batch_norm is formula (1), and its length is (7ε).

python examples/torch_layer.py
"""

from __future__ import annotations

import torch

from pybridge.testing import assert_computes, assert_satisfies


def main() -> None:
    """A convolution's output, (N, C, H, W): a batch is a channel."""
    torch.manual_seed(0)
    y, g = torch.randn(2, 8, 3, 4, 4).unbind()
    y.requires_grad_()
    gamma = torch.tensor([0.5, 1.0, -2.0])
    torch.nn.functional.batch_norm(y, None, None, weight=gamma, training=True, eps=1e-5).backward(g)

    given = {"gamma": gamma, "eps": 1e-5, "y": y, "g": g, "axis": (0, 2, 3)}
    assert_computes("BatchNorm.backward", y.grad, **given)
    assert_satisfies("BatchNorm.norm_sq_backward", computed={"backward": y.grad}, **given)
    print(f"torch {torch.__version__}: {y.grad.numel()} numbers within the bound, and (7ε) holds of each of the 3 channels")


if __name__ == "__main__":
    main()
