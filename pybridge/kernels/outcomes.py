"""What a kernel computes: the definition, another function, the definition with digits lost; or that numbers do not tell.

These are the classes that ``diagnosis.py`` answers with; ``report.py`` puts them into words, ``testing.py`` shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pybridge import ir
from pybridge.errors import brief

_IN = re.compile(r"in ([A-Z]\w*)\.((?:\w+\.)*\w+)")
"""A definition in what is said: its layer, and its name there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinBound:
    """Every number is as near to the definition's value as computing it in the kernel's formats may come.

    Parameters
    ----------
    entries
        How many numbers were compared.
    share
        The largest distance over the allowed one, at most 1.
    """

    entries: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fitting:
    """A change of the definitions that explains all numbers: in words, and the changed definition as a formula.

    ``definitions`` are all of them with the change, where it is a change of them; where the axes of a batch count, on the
    first one.
    """

    description: str
    formula: str
    definitions: Mapping[str, ir.Definition] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return brief(self, self.description)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AnotherFunction:
    """Some number is further off than any rounding explains.

    Parameters
    ----------
    guesses
        The changes that explain all numbers, if any.
    tried
        How many were tried.
    besides
        Whether there are NaN or infinities beside, which the first change does not make.
    """

    guesses: tuple[Fitting, ...]
    tried: int = 0
    besides: bool = False

    def __repr__(self) -> str:
        if not self.guesses:
            return brief(self, f"none of {self.tried} single changes explains it")
        return brief(self, _listed(self.guesses))


@dataclass(frozen=True, slots=True, kw_only=True)
class LosesDigits:
    """What is off is no further off than a worse way to compute the definition takes it, and no change fits.

    Parameters
    ----------
    share
        The bound of that way over the scale, at the number that is off where this is least: a change of the function that is
        smaller is not excluded.  1 or more where the bound leaves no digit, and the numbers show that it is the variance that
        is off.
    narrower
        Empty where that way is to expand the squares; else the format to which everything is rounded on the way.
    """

    share: float
    narrower: str = ""

    @property
    def seen(self) -> bool:
        """Whether on some batch that way leaves a digit."""
        return self.share < 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NotTold:
    """Some number is off, and the batches do not tell whether digits are lost or another function is computed.

    Parameters
    ----------
    loses
        Ways to lose digits that explain what is off.
    guesses
        Changes of the definitions that explain all numbers.
    why
        What stands in the way, where neither is all there is to say.
    """

    loses: tuple[LosesDigits, ...] = ()
    guesses: tuple[Fitting, ...] = ()
    why: str = ""

    def __repr__(self) -> str:
        ways = [f"digits lost in {lost.narrower or 'expanded squares'}" for lost in self.loses]
        return brief(self, "; ".join(filter(None, (self.why, *ways, _listed(self.guesses)))))


def _listed(guesses: Sequence[Fitting]) -> str:
    """The first guess, and how many more there are."""
    first, more = (guess.description for guess in guesses[:1]), len(guesses) - 1
    return " ".join((*first, *([f"(or {more} other change{'s' if more > 1 else ''})"] if more > 0 else [])))


Outcome: TypeAlias = WithinBound | AnotherFunction | LosesDigits | NotTold


NO_DIGIT = "it would leave no digit"
"""Said where half precision may explain what is off, and would explain anything."""
_PARTS = {
    "LayerNorm": ("features", "feature", "row"),
    "RMSNorm": ("features", "feature", "row"),
    "GroupNorm": ("elements", "element", "group"),
    "InstanceNorm": ("positions", "position", "channel"),
}
"""What is normalized together in a layer that has no batches, and what it is of."""


def called_in(outcome: Outcome, namespace: str, *, batch: bool = False) -> Outcome:
    """The same of a kernel of one layer: definitions that are another layer's go without its name, in the layer's words.

    Parameters
    ----------
    batch
        Whether what is summed is a batch in every layer.
    """

    def short(guess: Fitting) -> Fitting:
        said = _IN.sub(lambda found: found[0] if found[1] == namespace else f"{found[0][:3]}{found[2]}", guess.description)
        return replace(guess, description=said if batch else _in_words(said, namespace))

    if isinstance(outcome, AnotherFunction | NotTold):
        return replace(outcome, guesses=tuple(map(short, outcome.guesses)))
    return outcome


def _in_words(said: str, namespace: str) -> str:
    """A sentence about a batch in the words of a layer that normalizes something else."""
    if namespace not in _PARTS:
        return said
    several, one, whole = _PARTS[namespace]
    for before, after in (
        ("size m of the batch", f"number m of {several} of a {whole}"),
        ("size of the batch", f"number of {several} of a {whole}"),
        ("first half of the batch", f"first half of a {whole}"),
        ("last entry of the batch", f"last {one} of a {whole}"),
        ("normalized batch", f"normalized {whole}"),
    ):
        said = said.replace(before, after)
    return said
