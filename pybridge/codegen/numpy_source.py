"""A schedule as Python that calls NumPy on chunks of entries that fit into the cache."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pybridge.codegen.schedule import Schedule, Sweep
from pybridge.codegen.text import Style, arguments, expression, known_rows, names_of
from pybridge.codegen.values import Value

_STYLE = Style(lambda value: f"{value}.0", lambda arg: f"sqrt(maximum({arg}, 0.0))", lambda arg: f"absolute({arg})")
MOST_FACTORS = 4
"""Of so many vectors at most a sum of products is made at once."""


def numpy_source(schedule: Schedule) -> str:
    """The text of a module with one function, ``block``, which computes a block of batches.

    It takes ``chunks``, which goes through the entries, as often as it is asked, in arrays of the precision computed in;
    ``total`` and ``dot``, which sum up the entries of a chunk, or their products, and add it to what they are given first;
    ``m``, the number of entries of a batch; and the definition's numbers.  It returns its result, where that is no
    vector, and the sums and divisors, for the caller to look at.
    """
    return "\n".join(_lines(schedule)) + "\n"


def _lines(schedule: Schedule) -> Iterator[str]:
    lowered = schedule.lowered
    names = names_of(schedule)
    known = known_rows(schedule, names)
    own = arguments(lowered)
    taking = ["chunks", "total", "dot", "m", *(own[name] for name in lowered.scalars)]
    yield f'"""{lowered.name}, {len(schedule.every)} times over the entries of a block of batches."""'
    yield ""
    yield "from numpy import absolute, add, maximum, multiply, negative, sqrt, subtract"
    yield ""
    yield ""
    yield f"def block({', '.join(taking)}):"
    yield from _rows(schedule.before, known)
    for sweep in schedule.sweeps:
        yield from _Loop(sweep, names, known, own).summed()
        yield from _rows(sweep.rows, known)
    found = "None"
    if schedule.last is None:
        found = names[lowered.result]
    else:
        yield from _Loop(schedule.last, names, known, own).written(lowered.result)
    sums = _tuple([names[value] for sweep in schedule.sweeps for value in sweep.sums])
    divisors = _tuple([names[value] for value in schedule.divisors])
    yield f"    return {found}, {sums}, {divisors}"


def _rows(rows: tuple[Value, ...], known: Mapping[Value, str]) -> Iterator[str]:
    for value in rows:
        if value in known:
            yield f"    {known[value]} = {expression(value, known, _STYLE)}"


class _Loop:
    """One sweep: a line for each operation, in arrays that are used again as soon as nothing needs what is in them."""

    def __init__(self, sweep: Sweep, names: Mapping[Value, str], known: Mapping[Value, str], own: Mapping[str, str]) -> None:
        self.sweep = sweep
        self.names = {**known, **{value: names[value] for value in sweep.entries}}
        self.counts: Counter[Value] = Counter(arg for value in sweep.entries for arg in value.args)
        self.counts.update(value.args[0] for value in sweep.sums)
        self.fused = {value.args[0]: factors for value in sweep.sums if len(factors := self._factors(value.args[0])) > 1}
        self.reads = [own[name] for name in sweep.reads]

    def _factors(self, value: Value) -> list[Value]:
        """What a sum of products is of, where no product is needed for anything else."""
        if value.op != "multiply" or self.counts[value] > 1 or not all(arg.spread for arg in value.args):
            return [value]
        found = [factor for arg in value.args for factor in self._factors(arg)]
        return found if len(found) <= MOST_FACTORS else [value]

    def summed(self) -> Iterator[str]:
        """Yield the loop that makes the sums."""
        sums = [self.names[value] for value in self.sweep.sums]
        yield f"    {' = '.join(sums)} = None"
        inside = list(self._operations())
        for value in self.sweep.sums:
            body = value.args[0]
            terms = ", ".join(self.names[factor] for factor in self.fused.get(body, [body]))
            function = "dot" if body in self.fused else "total"
            inside.append(f"        {self.names[value]} = {function}({self.names[value]}, {terms})")
        yield self._head()
        yield from inside

    def written(self, result: Value) -> Iterator[str]:
        """Yield the loop that writes the result."""
        inside = list(self._operations())
        yield self._head("out=True")
        yield from inside
        yield f"        out[...] = {self.names[result]}"

    def _head(self, *options: str) -> str:
        asked = ", ".join([*(f'"{name}"' for name in self.reads), f"work={self.most}", *options])
        given = ", ".join([*self.reads, *(f"work_{k + 1}" for k in range(self.most)), *(["out"] if options else [])])
        return f"    for {given}{',' * (', ' not in given)} in chunks({asked}):"

    def _operations(self) -> Iterator[str]:
        left = Counter(self.counts)
        free: list[int] = []
        place: dict[Value, int] = {}
        self.most = 0
        hidden = self._hidden()
        for value in self.sweep.entries:
            if value in hidden:
                continue
            for arg in dict.fromkeys(value.args):
                left[arg] -= value.args.count(arg)
                if arg in place and left[arg] == 0:
                    free.append(place.pop(arg))
            if not free:
                self.most += 1
                free.append(self.most)
            place[value] = free.pop()
            args = [expression(arg, self.names, _STYLE, top=False) for arg in value.args]
            yield f"        {self.names[value]} = {self._call(value, args, f'work_{place[value]}')}"

    def _hidden(self) -> set[Value]:
        """Products that are summed up without being written anywhere."""
        hidden: set[Value] = set()
        for body, factors in self.fused.items():
            waiting = [body]
            while waiting:
                one = waiting.pop()
                if one not in factors:
                    hidden.add(one)
                    waiting.extend(one.args)
        return hidden

    def _call(self, value: Value, args: list[str], out: str) -> str:
        if value.op == "sqrt":
            return f"sqrt(maximum({args[0]}, 0.0, out={out}), out={out})"
        return f"{'negative' if value.op == 'negate' else value.op}({', '.join(args)}, out={out})"


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)}{',' * (len(names) == 1)})"
