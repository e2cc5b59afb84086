"""Feed damaged exports to ``load`` and, where they are accepted, to ``check``, and report what came of it.

    python scripts/fuzz.py --count 100000 --seed 0
    python scripts/fuzz.py --count 2000 --seed 0 --target check
    python scripts/fuzz.py --first 50000 --count 50000 --seed 0  # a share of the first

Half of the inputs are the recorded export with bytes changed, half with JSON nodes changed; of the latter, half are sealed
again with a digest that fits.  A *finding* is an uncaught exception, a time limit that was reached, or an export that was
accepted under the recorded digest although it says something else.  Each input depends on the seed and its number alone:
``--only NUMBER`` runs one of them again.
"""

from __future__ import annotations

import argparse
import copy
import gc
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pybridge.checking.check import check
from pybridge.errors import PybridgeError
from pybridge.export.loading import DEFAULT, Export, load, seal
from pybridge.notation.render import latex, text

TARGETS = ("load", "check")
LARGEST = 3
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 65, 2**64, 2**65, 10**400, 0.5, -0.0, 1e308, "", " ", "ι", "y", "g", "\ud800", "\x00", "é",
    "BatchNorm.mean", "BatchNorm.backward", [], {}, [[]], [None], {"nat": {"value": 0}}, {"var": {"name": "ε"}}, {"": {}},
)  # fmt: skip
WRAPPERS = ("neg", "inv", "sqrt", "abs", "norm")
SAME_SORT = {
    name: group
    for group in (("add", "sub", "mul", "div"), ("neg", "inv", "sqrt", "abs"), ("eq", "ne", "lt", "le"), ("and", "iff"))
    for name in group
}
PAIRS = ("add", "sub", "mul", "div", "inner", "eq", "ne", "lt", "le", "vectorEq", "vectorNe", "and", "iff", "smul")
FRAGMENTS = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"NaN",
    b"1e999",
    b",",
    b":",
)


class TimeLimitError(BaseException):
    """An input took too much time; no ``except Exception`` may swallow it."""


@dataclass(frozen=True)
class Outcome:
    """What came of one input: a word to count it by, and whether it is a finding."""

    word: str
    finding: str = ""


# Mutators.


def change_bytes(rng: random.Random, original: bytes) -> bytes:
    """The text of the export with a few bytes changed, put in, taken out, doubled or cut off."""
    data = bytearray(original)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8, 50))):
        at = rng.randrange(len(data) + 1)
        run = rng.choice((1, 1, 2, 7, 100, 5000))
        other = rng.randrange(len(data) + 1)
        match rng.randrange(8):
            case 0:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                data[at : at + 1] = bytes(byte ^ (1 << rng.randrange(8)) for byte in data[at : at + 1])
            case 2:
                del data[at : at + run]
            case 3:
                data[at:at] = data[other : other + run]
            case 4:
                data[at:at] = rng.choice(FRAGMENTS)
            case 5:
                data[at:at] = rng.choice((b"[", b'{"neg":{"arg":', b" ", b"9")) * rng.choice((1, 50, 5000))
            case 6:
                data[at:at] = rng.choice((b" ", b"\n", b"\t"))
            case _:
                if rng.random() < 0.2:
                    del data[at:]
        if not data:
            data = bytearray(b"{")
    return bytes(data)


def change_nodes(rng: random.Random, original: bytes) -> dict[str, Any]:
    """The export with a few JSON nodes replaced, swapped, renamed, wrapped, doubled or dropped."""
    document: dict[str, Any] = json.loads(original)
    if rng.random() < 0.4:
        _change_meaning(rng, document)
        return document
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        _change_node(rng, document)
    return document


def _change_meaning(rng: random.Random, document: dict[str, Any]) -> None:
    """Put one constructor, name, number or subterm in place of another that may stand there."""
    key = rng.choice((*SAME_SORT, "name", "value", "exponent", "left", "right", "arg", "base", "term", "conclusion", "left"))
    places = [parent for section in ("definitions", "theorems") for parent in _with(document[section], key)]
    if not places:
        return
    parent = rng.choice(places)
    if key in SAME_SORT:
        parent[rng.choice(SAME_SORT[key])] = parent.pop(key)
    elif rng.random() < 0.3 and key in ("left", "right", "arg", "base"):
        for _ in range(rng.choice((1, 2, 6, 12, 40))):
            parent[key] = {"pow": {"base": parent[key], "exponent": rng.choice((0, 1, 2, 3, 64))}}
    elif isinstance(parent[key], int):
        parent[key] = rng.choice((0, 1, 2, 64, 2**64))
    else:
        parent[key] = copy.deepcopy(rng.choice(places)[key])


def _with(node: object, key: str) -> Iterator[dict[str, Any]]:
    """Every object below ``node`` that has this key."""
    if isinstance(node, dict) and key in node:
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _with(below, key)


def _change_node(rng: random.Random, document: dict[str, Any]) -> None:
    parent, key = _somewhere(rng, document)
    node = parent[key]
    match rng.randrange(16):
        case 0:
            parent[key] = copy.deepcopy(rng.choice(JUNK))
        case 9 | 10 | 11 if isinstance(parent, dict) and key in SAME_SORT:
            parent[rng.choice(SAME_SORT[key])] = parent.pop(key)
        case 12 | 13 | 14 | 15 if isinstance(key, str):
            alike = [other[key] for other in (_somewhere(rng, document)[0] for _ in range(20)) if _has(other, key)]
            parent[key] = copy.deepcopy(rng.choice([node, *alike]))
        case 1:
            other, place = _somewhere(rng, document)
            parent[key] = copy.deepcopy(other[place])
        case 2:
            other, place = _somewhere(rng, document)
            parent[key], other[place] = copy.deepcopy(other[place]), copy.deepcopy(node)
        case 3:
            del parent[key]
        case 4 if isinstance(parent, list):
            parent.insert(key, copy.deepcopy(node))
        case 5 if isinstance(parent, dict):
            parent[rng.choice((*PAIRS, *WRAPPERS, "sum", "build", "call", "pow", "nat", "extra"))] = parent.pop(key)
        case 6:
            for _ in range(rng.choice((1, 1, 5, 90, 150))):
                node = {rng.choice(WRAPPERS): {"arg": node}}
            parent[key] = node
        case 7:
            for _ in range(rng.choice((1, 1, 2, 6, 12, 40))):
                node = {"pow": {"base": node, "exponent": rng.choice((0, 1, 2, 3, 64))}}
            parent[key] = node
        case _:
            parent[key] = {rng.choice(PAIRS): {"left": node, "right": copy.deepcopy(node)}}


def _has(parent: object, key: str) -> bool:
    return isinstance(parent, dict) and key in parent


def _somewhere(rng: random.Random, document: dict[str, Any]) -> tuple[Any, Any]:
    """A random place: deep places are as likely as there are many, declarations are chosen evenly."""
    node: Any = document
    path: list[tuple[Any, Any]] = []
    while isinstance(node, dict | list) and node:
        key = rng.choice(sorted(node)) if isinstance(node, dict) else rng.randrange(len(node))
        if not path and rng.random() < 0.9:
            key = rng.choice([name for name in ("definitions", "theorems") if isinstance(node.get(name), list)] or [key])
        path.append((node, key))
        node = node[key]
        if len(path) > 3 and rng.random() < 0.15:
            break
    return rng.choice(path[-4:])


# One input.


def written(rng: random.Random, original: bytes) -> bytes:
    """The bytes of one damaged export."""
    if rng.random() < 0.5:
        return change_bytes(rng, original)
    document = change_nodes(rng, original)
    if rng.random() < 0.5:
        try:
            document = seal({key: value for key, value in document.items() if isinstance(key, str)})
        except (UnicodeEncodeError, ValueError):
            return json.dumps(document).encode()
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def attempt(path: Path, recorded: Export, target: str) -> Outcome:
    """Load the file ``path`` and, if the target says so, use what was accepted."""
    try:
        export = load(path, check_sources=False)
        if export.digest == recorded.digest:
            same = (export.definitions, export.theorems) == (recorded.definitions, recorded.theorems)
            return Outcome("accepted, unchanged", "" if same else "accepted under the recorded digest, but says something else")
        if target == "check":
            _use(export, recorded)
            return Outcome("accepted as another export, and checked")
        return Outcome("accepted as another export: its digest is another")
    except PybridgeError as refusal:
        printed = str(refusal)
        return Outcome(f"refused: {type(refusal).__name__}", "" if printed.isprintable() else f"not one line: {printed!r}")


def _use(export: Export, recorded: Export) -> None:
    """Write and check every declaration that is not as it was, or depends on one."""
    other = [d for d in export.definitions.values() if recorded.definitions.get(d.name) != d]
    for definition in other:
        text(definition)
        latex(definition)
    theorems = (
        export.theorems.values() if other else [t for t in export.theorems.values() if recorded.theorems.get(t.name) != t]
    )
    for theorem in list(theorems)[:4]:
        text(theorem)
        latex(theorem)
        check(theorem, export, families=("integers", "random", "constant", "zeros"), largest=LARGEST)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeLimitError`` in the block once it has taken this much processor time; without such a timer, never."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeLimitError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run(
    numbers: range, seed: int, target: str, limit: float, tell: Callable[[int, Outcome], None] = lambda *_: None
) -> Counter[str]:
    """Run the inputs of these numbers and count what came of them; ``tell`` hears of each."""
    original, recorded = DEFAULT.read_bytes(), load(check_sources=False)
    gc.freeze()  # what is here stays; and a cycle is rare, so that looking for one takes more time than it saves memory
    gc.set_threshold(200_000)
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        for number in numbers:
            path.write_bytes(written(random.Random(f"{seed}/{number}"), original))  # noqa: S311
            try:
                with time_limit(limit):
                    outcome = attempt(path, recorded, target)
            except TimeLimitError:
                outcome = Outcome("time limit", f"took more than {limit} s")
            except Exception as error:  # noqa: BLE001
                outcome = Outcome("uncaught", f"{type(error).__name__}: {error}")
            seen[outcome.word] += 1
            tell(number, outcome)
    return seen


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse the call in one line, exit 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def _at_least(smallest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if (found := int(text)) < smallest:
            raise argparse.ArgumentTypeError(f"{text} is below {smallest}")
        return found

    return number


def _time(text: str) -> float:
    if not 0 < (found := float(text)) < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no time that can pass")
    return found


def main() -> int:
    """Run, report, and exit 1 if anything was found."""
    parser = _Parser(description="Feed damaged exports to pybridge.")
    parser.add_argument("--count", type=_at_least(1), default=1000)
    parser.add_argument("--first", type=_at_least(0), default=0, help="number of the first input, to share a run out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=TARGETS, default="load")
    parser.add_argument("--limit", type=_time, default=10.0, help="seconds of processor time for one input")
    parser.add_argument("--only", type=_at_least(0), help="run the input of this number only, and show its traceback")
    asked = parser.parse_args()
    numbers = range(asked.first, asked.first + asked.count) if asked.only is None else range(asked.only, asked.only + 1)
    findings: list[str] = []

    def tell(number: int, outcome: Outcome) -> None:
        if outcome.finding:
            findings.append(f"input {number}: {outcome.finding}")
            print(findings[-1][:400], file=sys.stderr)

    started = time.perf_counter()
    seen = run(numbers, asked.seed, asked.target, asked.limit, tell)
    print(f"{len(numbers)} inputs, target {asked.target}, seed {asked.seed}: {time.perf_counter() - started:.0f} s")
    for word, count in seen.most_common():
        print(f"  {count:7d}  {word}")
    print(f"findings: {len(findings)}")
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
