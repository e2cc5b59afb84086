"""The share of faults that are named: mutants of the definitions taken two at a time, run as kernels, and what is said of them.

``python scripts/named.py --count 40`` draws so many pairs of slips, makes a kernel of each pair by evaluating the changed
definitions in float64, and asks ``check_kernel`` what it computes. A name counts as right only if the definitions that it
stands for give the numbers of the kernel on other batches as well; of a name that stands for no definitions (a factor,
another ε), the same name has to come again on other batches. Anything else that is said is a wrong name, and a defect.
``--json`` keeps the result, and a file that is there is gone on with.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import pybridge
from pybridge import ir
from pybridge.algebras.floats import FloatAlgebra
from pybridge.export.loading import Export
from pybridge.ir.rewrite import reachable
from pybridge.kernels.outcomes import AnotherFunction, NotTold, WithinBound
from pybridge.mutation.mutants import of_definition
from pybridge.semantics.environment import Environment
from pybridge.semantics.evaluate import evaluate
from pybridge.testing import check_kernel

DEFINITIONS = ("BatchNorm.forward", "BatchNorm.backward", "BatchNorm.backwardGamma")
EPS = 1e-3
SAME = 1e-9
"""Two evaluations in float64 of one function differ by less than this, relatively; of two functions by more, somewhere."""
NAMED, WRONG, UNNAMED, ALIKE, OPEN, NOTHING = "named", "wrong name", "not named", "no other function", "not told", "no numbers"
ZERO = 1e-12
"""What is so small against the definition's own value, of batches of the size of 1, is a sum that is 0, and rounding."""
Definitions = Mapping[str, ir.Definition]


@dataclass(frozen=True)
class Pair:
    """Two slips at once in what a definition calls."""

    definition: str
    slips: tuple[str, str]
    likely: bool
    definitions: Definitions


def pairs(count: int, seed: int, export: Export) -> Iterator[Pair]:
    """Draw pairs, each definition in turn: half of them of likely slips, half of all."""
    rng = random.Random(seed)  # noqa: S311
    base = export.definitions
    for number in range(count):
        name = DEFINITIONS[number % len(DEFINITIONS)]
        likely = number // len(DEFINITIONS) % 2 == 0
        concerned = reachable(base[name], base)
        first = rng.choice([m for one in concerned for m in of_definition(one, base) if m.slip.likely or not likely])
        once = {**base, first.definition.name: first.definition}
        later = [m for one in concerned for m in of_definition(once[one.name], once) if m.slip.likely or not likely]
        second = rng.choice([m for m in later if m.definition.body != base[m.definition.name].body])
        both = {**once, second.definition.name: second.definition}
        yield Pair(name, (first.id, second.id), first.slip.likely and second.slip.likely, both)


def kernel_of(name: str, definitions: Definitions) -> Any:
    """The changed definition as a kernel of (N, C)."""
    definition = definitions[name]

    def kernel(**given: Any) -> Any:
        arrays = {
            "ε" if key == "eps" else "γ" if key == "gamma" else "β" if key == "beta" else key: value
            for key, value in given.items()
        }
        vectors = {p.name for p in definition.parameters if isinstance(p.kind, ir.VectorKind)}
        rows = {key: np.asarray(value).T for key, value in arrays.items() if key in vectors}
        scalars = {key: np.asarray(value, dtype=np.float64) for key, value in arrays.items() if key not in vectors}
        channels, size = next(iter(rows.values())).shape
        sizes = {index.name: size for index in definition.indices}
        with np.errstate(all="ignore"):
            found = evaluate(definition.body, FloatAlgebra(leading=1), Environment(sizes, scalars, rows), definitions)
        if isinstance(definition.body, ir.SCALARS):
            return np.broadcast_to(found, (channels,)).copy()
        return np.broadcast_to(found, (channels, size)).T.copy()

    return kernel


def agree(name: str, one: Definitions, other: Definitions, base: Definitions, seed: int = 1) -> bool:
    """Whether two sets of definitions give the same numbers on batches that neither was looked at on."""
    for number in range(4):
        rng = np.random.default_rng([seed, number])
        shape = (3 + 2 * number, 4)
        spread = (1.0, 0.03, 0.001, 2.0)[number]
        given = {
            "y": 0.4 + spread * rng.standard_normal(shape),
            "g": 0.3 + rng.standard_normal(shape),
            "gamma": rng.uniform(1.2, 2.6, 4) * rng.choice([-1, 1], 4),
            "beta": rng.standard_normal(4),
            "eps": EPS,
        }
        needed = {"ε": "eps", "γ": "gamma", "β": "beta"}
        taken = {needed.get(p.name, p.name): given[needed.get(p.name, p.name)] for p in one[name].parameters}
        first, second, own = (kernel_of(name, definitions)(**taken) for definitions in (one, other, base))
        size = np.maximum(np.abs(first), np.abs(second)).max(initial=0)
        if size <= ZERO * np.abs(own).max(initial=0):
            continue  # both are 0
        if not np.isfinite(size) or not (np.abs(first - second) <= SAME * max(size, np.finfo(float).tiny)).all():
            return False
    return True


def judged(pair: Pair, export: Export) -> dict[str, Any]:
    """What is said of a pair, and whether it is so."""
    kernel = kernel_of(pair.definition, pair.definitions)
    found = check_kernel(kernel, pair.definition, dtype="float64", eps=EPS, export=export)
    outcome = found.outcome
    said = [guess.description for guess in getattr(outcome, "guesses", ())]
    match outcome:
        case WithinBound():
            verdict = ALIKE if agree(pair.definition, pair.definitions, export.definitions, export.definitions) else WRONG
        case AnotherFunction(guesses=()):
            verdict = UNNAMED
        case AnotherFunction(guesses=guesses):
            right = [
                agree(pair.definition, pair.definitions, guess.definitions, export.definitions)
                for guess in guesses
                if guess.definitions is not None
            ]
            if len(right) < len(guesses):
                again = check_kernel(kernel, pair.definition, dtype="float64", eps=EPS, export=export, seed=7).outcome
                right.append(bool(set(said) & {guess.description for guess in getattr(again, "guesses", ())}))
            verdict = NAMED if all(right) else WRONG
        case NotTold():
            verdict = OPEN
        case _:  # digits lost, of another function
            verdict = WRONG
            said = [repr(outcome)]
    return {
        "definition": pair.definition,
        "slips": list(pair.slips),
        "likely": pair.likely,
        "verdict": verdict,
        "said": said,
    }


def share(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many of each."""
    counts = {
        kind: dict(Counter(one["verdict"] for one in results if one["likely"] == likely))
        for kind, likely in (("likely", True), ("others", False))
    }
    return {"pairs": len(results), **counts}


def main() -> int:
    """Count; exit 1 if a name is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="keep the result there, and go on with what is there")
    given = parser.parse_args()
    export = pybridge.load()
    kept = json.loads(given.json.read_text(encoding="utf-8")) if given.json is not None and given.json.exists() else {}
    results: list[dict[str, Any]] = kept.get("results", [])
    for number, pair in enumerate(pairs(given.count, given.seed, export)):
        if number < len(results):
            continue
        results.append(judged(pair, export))
        print(results[-1]["verdict"], *pair.slips, *results[-1]["said"][:1], sep="  ", flush=True)
        if given.json is not None:
            command = f"python scripts/named.py --count {given.count} --seed {given.seed}"
            whole = {"command": command, **share(results), "results": results}
            given.json.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(share(results)))
    return 1 if any(one["verdict"] == WRONG for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
