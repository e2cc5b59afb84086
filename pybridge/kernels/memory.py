"""Arrays of a library that lie in memory in other ways than one entry after the other.

In: numbers, a library, a view.  Out: an array of the library with these numbers.  JAX has no views: there is nothing to try.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pybridge.kernels.frameworks import Doubles


def viewed(values: Doubles, make: Callable[[Doubles], Any], library: str, view: str) -> Any:
    """The numbers as an array of the library, seen through a view of another one."""
    if not view or library == "jax" or values.ndim == 0 or values.size == 0:
        return make(values)
    filler = np.nanmax(np.abs(values)) + 7.0
    match view:
        case "strided":
            wide = np.full((*values.shape[:-1], 2 * values.shape[-1]), filler)
            wide[..., ::2] = values
            return make(wide)[..., ::2]
        case "transposed":
            back = tuple(reversed(range(values.ndim)))
            turned = make(np.ascontiguousarray(values.transpose(back)))
            return turned.permute(back) if library == "torch" else turned.transpose(back)
        case "shifted":
            wide = np.full((values.shape[0] + 2, *values.shape[1:]), filler)
            wide[1:-1] = values
            return make(wide)[1:-1]
        case "expanded":
            one = make(np.ascontiguousarray(values[:1]))
            return one.expand(values.shape) if library == "torch" else np.broadcast_to(one, values.shape)
        case "channels-last":
            last = make(np.ascontiguousarray(np.moveaxis(values, 1, -1)))
            return last.movedim(-1, 1) if library == "torch" else np.moveaxis(last, -1, 1)
        case _:
            raise ValueError(view)
