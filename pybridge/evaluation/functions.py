"""A loss as a caller names it: one of the losses known in closed form, one of ``semantics.losses``, or a Python function.

In: what was given for a variable that is a function, and the dimension of the space it is a function on.  Out: a loss.
"""

from __future__ import annotations

from flint import fmpq

from pybridge.errors import InputError
from pybridge.semantics.called import Called
from pybridge.semantics.losses import LOSSES, CrossEntropy, GemanMcClure, Loss, Quadratic, dimension

NAMES = ("quadratic", "cross-entropy", "geman-mcclure")
HINT = (
    "give 'quadratic' (½ Σ zᵢ²), 'cross-entropy' or 'cross-entropy:LABEL' (log Σ exp zᵢ - z_label, label 0 if none is given), "
    "'geman-mcclure' (½ Σ zᵢ² / (1 + zᵢ²)), one of pybridge.semantics.losses, or a Python function of an array"
)
MOST_CALLED = 256
"""The gradient of a Python function is found coordinate by coordinate."""


def loss_of(owner: str, name: str, given: object, size: int) -> Loss:
    """The loss that was given for the variable ``name``, of ``size`` coordinates.

    Raises
    ------
    InputError
        There is none of this name, its label or dimension does not fit, or it is something else.
    """
    if isinstance(given, LOSSES):
        if dimension(given) != size:
            raise InputError(f"{owner}: {name} is a loss of {dimension(given)} values, and the batch has {size}")
        return given
    if isinstance(given, str):
        return _named(owner, name, given.strip(), size)
    if callable(given):
        if size > MOST_CALLED:
            raise InputError(
                f"{owner}: {name} is a Python function, and the batch has {size} entries, more than {MOST_CALLED}",
                hint="its gradient is found entry by entry: give a loss by name, or fewer entries",
            )
        return Called(given, size)
    raise InputError(f"{owner}: {name} is a loss, got {type(given).__name__}", hint=HINT)


def _named(owner: str, name: str, given: str, size: int) -> Loss:
    word, colon, label = given.partition(":")
    if word not in NAMES or (colon and word != "cross-entropy"):
        raise InputError(f"{owner}: {name} is a loss, and none is called {given!r}", hint=HINT)
    ones, zeros = (fmpq(1),) * size, (fmpq(0),) * size
    if word == "quadratic":
        return Quadratic(ones, zeros)
    if word == "geman-mcclure":
        return GemanMcClure(ones, zeros)
    if colon and not (label.isascii() and label.isdecimal() and int(label) < size):
        raise InputError(f"{owner}: {name}: {label!r} is no label from 0 to {size - 1}", hint=HINT)
    return CrossEntropy(size, int(label) if colon else 0)
