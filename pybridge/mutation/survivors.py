"""The mutants that are not refuted, each with its reason: ``data/survivors.json``.

They are true; or, where the reason says so, false in a way that no enclosure shows, and then the check has left them undecided.

A list of reasons is only as good as it is current: an entry that names no mutant, or one that is refuted, is an error.  Where
an entry says that the changed statement is ``proved``, ``prove.py`` has to prove it, independently of any batch; a mutant that
stays undecided on a batch has to be proved, or explained as such.  So has one that no batch says anything about.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pybridge.errors import InputError, brief
from pybridge.export.loading import Export
from pybridge.export.names import NAMESPACE
from pybridge.mutation.run import Killed, Survived, Trial, declarations
from pybridge.proving.prove import MOST_ENTRIES

DEFAULT = Path(__file__).parents[1] / "data" / "survivors.json"
_AGAIN = "the file is a part of the package: restore it from git, or reinstall pybridge"


class Explanation(BaseModel):
    """Why some mutants are not refuted.

    Parameters
    ----------
    reason
        One line.
    proved
        The sizes m for which the symbolic algebra proves each of them; empty where the reason is all there is.
    vacuous
        Whether no batch shows anything of them, since the hypotheses cannot be met that way; the reason says why.
    undecided
        Whether the check leaves them open on some batch, and the symbolic algebra does not prove them; the reason does.
    mutants
        Their ids.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    reason: str = Field(min_length=1)
    proved: list[Annotated[int, Field(ge=1, le=MOST_ENTRIES)]]
    vacuous: bool
    undecided: bool = False
    mutants: list[str] = Field(min_length=1)

    def __repr__(self) -> str:
        return brief(self, f"{self.reason} (mutants: {len(self.mutants)})")

    __str__ = __repr__


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    survivors: list[Explanation]


def read(path: Path = DEFAULT) -> dict[str, Explanation]:
    """The explanations by the id of the mutant.

    Raises
    ------
    InputError
        The file is missing or not of this form, or an id stands in it twice.
    """
    try:
        document = _Document.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint=_AGAIN) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        fields = "see the fields of pybridge.mutation.survivors.Explanation; " if where else ""
        raise InputError(": ".join(filter(None, (str(path), where, first["msg"]))), hint=fields + _AGAIN) from None
    found: dict[str, Explanation] = {}
    for explanation in document.survivors:
        for mutant in explanation.mutants:
            if mutant in found:
                raise InputError(f"{path}: {mutant} is explained twice", hint="keep one of them")
            found[mutant] = explanation
    return found


def of(export: Export) -> dict[str, Explanation]:
    """The explanations that are about an export: none, where it is of another project's library."""
    ours = f"lean/{NAMESPACE}"
    return read() if any(one.file.startswith(ours) for one in declarations(export).values()) else {}


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """What a run of mutants comes to.

    Parameters
    ----------
    refuted, explained, unexplained
        The trials, each in one of the three.
    stale
        One line for each explanation that is out of date.
    """

    refuted: tuple[Trial, ...]
    explained: tuple[Trial, ...]
    unexplained: tuple[Trial, ...]
    stale: tuple[str, ...]

    def __repr__(self) -> str:
        counts = {"refuted": self.refuted, "explained": self.explained, "unexplained": self.unexplained, "stale": self.stale}
        return brief(self, ", ".join(f"{len(found)} {word}" for word, found in counts.items()))

    @property
    def passed(self) -> bool:
        """Whether every mutant tried is refuted or explained and no explanation is out of date; at least one was tried."""
        return bool(self.refuted or self.explained) and not self.unexplained and not self.stale


def account(trials: Sequence[Trial], explanations: Mapping[str, Explanation], known: Iterable[str]) -> Account:
    """Sort the trials.

    Parameters
    ----------
    trials
        Of the mutants that were tried.
    explanations
        Those that the run has to answer for.
    known
        The ids of all mutants that there are.
    """
    refuted = tuple(trial for trial in trials if isinstance(trial.fate, Killed))
    survived = [trial for trial in trials if not isinstance(trial.fate, Killed)]
    names = set(known)
    gone = (f"{name}: explained, but there is no such mutant" for name in explanations if name not in names)
    dead = (f"{trial.id}: explained, but refuted" for trial in refuted if trial.id in explanations)
    listed = [(trial.id, trial.fate, explanations[trial.id]) for trial in survived if trial.id in explanations]
    doubtful = (
        line for name, fate, explanation in listed if isinstance(fate, Survived) for line in doubts(name, fate, explanation)
    )
    return Account(
        refuted,
        tuple(trial for trial in survived if trial.id in explanations),
        tuple(trial for trial in survived if trial.id not in explanations),
        (*gone, *dead, *doubtful),
    )


def doubts(name: str, fate: Survived, explanation: Explanation) -> Iterator[str]:
    """Why an explanation does not do for a mutant that survived."""
    yield from (f"{name}: explained as proved for m = {m}, and is not" for m in explanation.proved if m not in fate.proved)
    if fate.verdict == "undecided" and not (explanation.proved or explanation.undecided):
        yield f"{name}: undecided on some batch, and not proved: whether it is true was not checked"
    if explanation.undecided and fate.verdict != "undecided":
        yield f"{name}: explained as undecided on some batch, and is not"
    if (fate.verdict == "vacuous") != explanation.vacuous:
        yield f"{name}: explained as {'vacuous' if explanation.vacuous else 'tried on batches'}, and is not"


def dumps(explanations: Sequence[Explanation]) -> str:
    """The text of the file."""
    document = {"survivors": [explanation.model_dump() for explanation in explanations]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
