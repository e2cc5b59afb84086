"""Reads a term of Lean's surface syntax, by operator precedence.

In: tokens, the names bound around them, and what a free name may mean.  Out: a tree (``terms.py``).  A symbol that is in no
table of ``notations.py`` is refused: a statement that cannot be read is never taken for an equal one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pybridge.surface.binders import BRACKETS, read_binders
from pybridge.surface.cursor import FENCES, Cursor
from pybridge.surface.notations import APPLIED, BINDERS, DROPPED, INFIX, MAX, POSTFIX, PREFIX, SAME, SILENT
from pybridge.surface.terms import Apply, Binding, Bound, Literal, Local, Name, Operation, Tree
from pybridge.surface.tokens import OPENING, Kind, Token

Meanings = Callable[[str], frozenset[str]]
"""The full names that a free name may have."""
_BINDING_ENDS = (",", "=>", "↦", "∈", "in", ":", "∉")


class Reader(Cursor):
    """Reads one term; ``mentioned`` holds the variables that it mentions, ascriptions included.

    With ``exact`` the tree keeps coercions (``↑``) and ascriptions (``(:)``), which two terms may differ in that are compared.
    """

    exact = False

    def __init__(self, items: Sequence[Token], variables: Iterable[str], meanings: Meanings) -> None:
        super().__init__(items)
        self.variables = frozenset(variables)
        self.meanings = meanings
        self.bound: list[str] = []
        self.mentioned: set[str] = set()

    def whole(self) -> Tree:
        """The term that all tokens make.

        Raises
        ------
        SurfaceError
            They make none, or something is left.
        """
        tree = self.term(0)
        if self.at < len(self.items):
            raise self.refused(f"{self.word()!r} is left over, or in no table of pybridge/surface/notations.py")
        return tree

    def term(self, least: int) -> Tree:
        """A term that binds at least as tightly as ``least``."""
        tree, level = self._head(least)
        while (operator := INFIX.get(self.word())) is not None and self.symbol():
            if operator.level < least or level < operator.left or self.closes():
                break
            symbol = self.take().text
            extra = self._until("]") if symbol in OPENING else ()
            right = self.term(operator.right)
            level = operator.level
            tree = _operation(symbol, (*extra, tree, right))
        return tree

    def _head(self, least: int) -> tuple[Tree, int]:
        """What stands before the first infix operator, and how tightly it binds."""
        word = self.word()
        if self.symbol_or_word() and word in BINDERS:
            return self._binding(), BINDERS[word]
        if self.symbol() and word in PREFIX and word not in SILENT and PREFIX[word] < MAX:
            if least > PREFIX[word] and least < MAX:
                raise self.refused(f"{word!r} binds too loosely here")
            self.take()
            return _operation(word, (self.term(PREFIX[word]),)), PREFIX[word]
        function = self._argument()
        arguments = []
        while least <= MAX and self._begins_argument():
            last = self.symbol_or_word() and self.word() in BINDERS
            arguments.append(self._binding() if last else self._argument())
            if last:
                return _apply(function, arguments), 0
        return _apply(function, arguments), MAX if arguments else MAX + 1

    def _begins_argument(self) -> bool:
        token = self.peek()
        if token is None or self.closes():
            return False
        if token.kind in (Kind.IDENT, Kind.NUMBER, Kind.STRING):
            return token.text not in ("in", "then", "else", "do", "from", "with", "by", "at", "where")
        if token.text in ("fun", "λ"):
            return True
        opens = token.text in ("(", "{", "⟨", "⟪", "↑", "⇑", "√", ".") or (token.text in FENCES and self.opens_fence())
        return opens and not (token.text == "." and not token.spaced)

    def _argument(self) -> Tree:
        """An atom with its fields and postfix operators."""
        if self.symbol() and self.word() in PREFIX:
            word = self.take().text
            operand = self._argument()
            return operand if word in SILENT and not self.exact else _operation(word, (operand,))
        tree = self._atom()
        while (token := self.peek()) is not None and not token.spaced:
            if token.kind is Kind.FIELD:
                self.take()
                tree = tree if token.text in DROPPED else Operation(f".{token.text}", (tree,))
            elif token.kind is Kind.SYMBOL and token.text in POSTFIX:
                self.take()
                tree = _operation(token.text, (tree,))
            else:
                break
        return tree

    def _atom(self) -> Tree:
        token = self.peek()
        if token is None:
            raise self.refused("a term was expected at the end")
        if token.kind is Kind.IDENT:
            self.take()
            return self._identifier(token)
        if token.kind in (Kind.NUMBER, Kind.STRING):
            return Literal(self.take().text)
        if token.text in OPENING or token.text in FENCES:
            return self._bracketed()
        if token.text == ".":  # .id: a constructor or function of the expected type
            self.take()
            if (name := self.peek()) is not None and name.kind is Kind.IDENT and not name.spaced:
                return Name(f".{self.take().text}", frozenset())
        if token.text in SAME and token.text not in BINDERS:
            self.take()
            return Name(SAME[token.text], frozenset({SAME[token.text]}))
        raise self.refused(f"{token.text!r} begins no term of pybridge/surface/notations.py")

    def _identifier(self, token: Token) -> Tree:
        """A name, or a bound name or variable with fields."""
        first, *fields = token.text.split(".")
        root: Tree
        if first in self.bound:
            root = Bound(len(self.bound) - 1 - self.bound[::-1].index(first))
        elif first in self.variables:
            self.mentioned.add(first)
            root = Local(first)
        else:
            while fields and fields[-1] in DROPPED:
                fields.pop()
            short = ".".join([first, *fields])
            text = SAME.get(short, short)
            return Name(text, self.meanings(text) if text == short else frozenset({text}))
        for field in fields:
            root = root if field in DROPPED else Operation(f".{field}", (root,))
        return root

    def _bracketed(self) -> Tree:
        opening = self.take().text
        if opening in FENCES:
            self.fences.append(opening)
            inner = self.term(0)
            if self.word() != opening:
                raise self.refused(f"nothing closes {opening!r}")
            self.take()
            self.fences.pop()
            return Operation(opening * 2, (inner,))
        outer, self.fences = self.fences, []
        closing = OPENING[opening]
        builds = opening == "{" and self._is_set_builder()
        tree = self._set_builder() if builds else self._list(opening, closing)
        if not self.word().startswith(closing):
            raise self.refused(f"{self.word()!r} where {closing!r} was expected")
        self.take()
        self.fences = outer
        return tree

    def _list(self, opening: str, closing: str) -> Tree:
        """Terms parted by commas: a tuple, a set, an inner product; of one in parentheses, the term itself."""
        if self.word().startswith(closing):
            return Operation(opening + closing, ())
        parts = [self.term(0)]
        if opening == "(" and self.word() == ":":
            self.take()
            ascribed = self.term(0)
            return Operation("(:)", (parts[0], ascribed)) if self.exact else parts[0]
        while self.word() == ",":
            self.take()
            parts.append(self.term(0))
        if opening == "(" and len(parts) == 1:
            return parts[0]
        if opening == "(":  # (a, b, c) is (a, (b, c))
            tree = parts[-1]
            for part in reversed(parts[:-1]):
                tree = Operation("(,)", (part, tree))
            return tree
        return Operation(opening + closing, tuple(parts))

    def _is_set_builder(self) -> bool:
        following = [token.text for token in self.items[self.at : self.at + 2]]
        return len(following) == 2 and self.items[self.at].kind is Kind.IDENT and following[1] in ("|", ":", "∈")

    def _set_builder(self) -> Tree:
        name = self.take().text
        kind = over = None
        if self.word() in (":", "∈"):
            colon = self.take().text == ":"
            self.fences.append("|")  # the bar that ends the type is no absolute value
            read = self.term(0)
            self.fences.pop()
            kind, over = (read, None) if colon else (None, read)
        if self.word() != "|":
            raise self.refused("a set without '|'")
        self.take()
        return self._under([name], lambda: Binding("{|}", kind, over, self.term(0)))

    def _binding(self) -> Tree:
        """A binder with all its names: ``∀ x y : ℝ, p`` is one inside the other."""
        symbol = self.take().text
        groups = self._bound_names()
        if symbol == "∀ᶠ":
            if self.word() != "in":
                raise self.refused("∀ᶠ without a filter")
            self.take()
            groups = [(groups[0][0], groups[0][1], self.term(0))]
        if self.word() not in (",", "=>", "↦"):
            raise self.refused(f"{self.word()!r} where a body was expected")
        self.take()
        return self._nested(SAME.get(symbol, symbol), groups)

    def _nested(self, symbol: str, groups: list[tuple[str, Tree | None, Tree | None]]) -> Tree:
        if not groups:
            return self.term(BINDERS[symbol])
        name, kind, over = groups[0]
        return self._under([name], lambda: Binding(symbol, kind, over, self._nested(symbol, groups[1:])))

    def _under(self, names: list[str], read: Callable[[], Binding]) -> Binding:
        self.bound += names
        tree = read()
        del self.bound[-len(names) :]
        return tree

    def _bound_names(self) -> list[tuple[str, Tree | None, Tree | None]]:
        """The names that a binder binds, with their types and what they run over."""
        found: list[tuple[str, Tree | None, Tree | None]] = []
        if self.symbol() and self.word() in BRACKETS:
            binders, width = read_binders(self.items[self.at :])
            self.at += width
            for binder in binders:
                found.append((binder.name or "", self._inner(binder.type), None))
            return found
        names = []
        while (token := self.peek()) is not None and token.kind is Kind.IDENT and token.text not in _BINDING_ENDS:
            names.append(self.take().text)
        if not names:
            raise self.refused(f"{self.word()!r} where a name was expected")
        kind = over = None
        if self.word() == ":":
            self.take()
            kind = self.term(0)
        elif self.word() in ("∈", "∉"):
            self.take()
            over = self.term(0)
        return [(name, kind, over) for name in names]

    def _inner(self, items: Sequence[Token]) -> Tree | None:
        """The type of a binder in brackets, read where the binder stands."""
        if not items:
            return None
        reader = type(self)(items, self.variables, self.meanings)
        reader.bound = list(self.bound)
        tree = reader.whole()
        self.mentioned |= reader.mentioned
        return tree

    def _until(self, closing: str) -> tuple[Tree, ...]:
        inner = self.term(0)
        if self.word() != closing:
            raise self.refused(f"{self.word()!r} where {closing!r} was expected")
        self.take()
        return (inner,)


class ExactReader(Reader):
    """Keeps coercions and ascriptions."""

    exact = True


def _apply(function: Tree, arguments: Sequence[Tree]) -> Tree:
    """An application, flat: ``(f a) b`` is ``f a b``."""
    if not arguments:
        return function
    if isinstance(function, Apply):
        return Apply(function.function, (*function.arguments, *arguments))
    return Apply(function, tuple(arguments))


def _operation(symbol: str, parts: tuple[Tree, ...]) -> Tree:
    if symbol in APPLIED:
        name = APPLIED[symbol]
        return Apply(Name(name, frozenset({name})), parts)
    return Operation(SAME.get(symbol, symbol), parts)
