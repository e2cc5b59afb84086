"""JAX: the gradient that jax.vjp takes of a layer is formula (1); of a layer that forgets ε it is not, and the report says so.

python examples/jax_layer.py
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from pybridge.testing import KernelError, assert_computes


def layer(y: jax.Array, gamma: jax.Array, eps: float) -> jax.Array:
    """BatchNorm of (rows, channels), without β."""
    centred = y - y.mean(0)
    return gamma * centred / jnp.sqrt((centred**2).mean(0) + eps)


def main() -> None:
    """The layer, and one in which ε is 0."""
    keys = jax.random.split(jax.random.key(0), 2)
    y, g = (jax.random.normal(key, (32, 4)) * 0.01 for key in keys)
    gamma = jnp.array([0.5, 1.0, 2.0, -1.0])
    given = {"gamma": gamma, "eps": 1e-3, "y": y, "g": g}

    (dy,) = jax.vjp(lambda batch: layer(batch, gamma, 1e-3), y)[1](g)
    assert_computes("BatchNorm.backward", dy, axis=0, **given)
    print(f"jax {jax.__version__}: {dy.size} numbers within the bound")

    (wrong,) = jax.vjp(lambda batch: layer(batch, gamma, 0.0), y)[1](g)
    try:
        assert_computes("BatchNorm.backward", wrong, axis=0, **given)
    except KernelError as error:
        print("\n".join(error.report[:5]))


if __name__ == "__main__":
    main()
