"""The outline of a Lean file in LeanDojo's format: scopes, and declarations with docstring, name, signature and proof.

In: a source.  Out: what LeanDojo calls ``X.ast.json``, without the syntax inside of signatures and proofs, of which it holds
the text's place.  Where Lean can be traced, LeanDojo's own extractor writes these files in full; without Lean, this outline is
enough for its classes to find each theorem, its full name, its span, its docstring and its statement.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pybridge.surface.commands import Command, commands
from pybridge.surface.declarations import Declaration, declarations

Json: TypeAlias = dict[str, Any]


def outline(text: str, file: str) -> Json:
    """The ``.ast.json`` of a source.

    Raises
    ------
    SurfaceError
        The text cannot be taken apart.
    """
    return _Outline(text).document(file)


class _Outline:
    """Builds the nodes of one text; LeanDojo counts places in bytes of UTF-8."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bytes = [0]
        for character in text:
            self.bytes.append(self.bytes[-1] + len(character.encode("utf-8")))

    def document(self, file: str) -> Json:
        found = {one.keyword: one for one in declarations(self.text, file)}
        nodes = [_node("Lean.Parser.Module.header")]
        for command in commands(self.text):
            if (declaration := found.get(command.keyword)) is not None:
                nodes.append(self.declaration(command, declaration))
            elif command.word in ("namespace", "section", "end"):
                nodes.append(self.scope(command))
        return {"commandASTs": nodes, "tactics": [], "premises": []}

    def scope(self, command: Command) -> Json:
        """``namespace``, ``section`` or ``end``, with its name."""
        word = self.atom(command.keyword, command.keyword + len(command.word))
        names = [self.ident(token.start, token.end) for token in command.body[:1]]
        args = [word, *names] if command.word == "namespace" else [word, _node("null", *names)]
        return _node(f"Lean.Parser.Command.{command.word}", *args)

    def declaration(self, command: Command, one: Declaration) -> Json:
        """A declaration: its docstring, whether it is private, its word, name, signature and body."""
        modifiers = []
        if command.docstring is not None:
            modifiers.append(self.docstring(command.start))
        if one.private:
            place = self.text.index("private", command.start)
            modifiers.append(_node("Lean.Parser.Command.private", self.atom(place, place + len("private"))))
        name_end = one.signature + len(self.name_of(one))
        value = self.text.rfind(":=", name_end, one.proof)
        end = value if value >= 0 else one.proof
        head = [
            self.atom(command.keyword, command.keyword + len(command.word), "theorem" if one.is_theorem else one.word),
            _node("Lean.Parser.Command.declId", self.ident(one.signature, name_end)),
        ]
        signature = self.trimmed(name_end, end)
        body = self.body(value, one)
        kind = {"theorem": "theorem", "lemma": "theorem", "def": "definition"}.get(one.word)
        if kind is None or (kind == "theorem" and value < 0):
            return _node("Lean.Parser.Command.other", *head, *signature, *body)
        args = [*head, _node("Lean.Parser.Command.declSig", *signature), _node("Lean.Parser.Command.declValSimple", *body)]
        return _node(
            "Lean.Parser.Command.declaration",
            _node("Lean.Parser.Command.declModifiers", *modifiers),
            _node(f"Lean.Parser.Command.{kind}", *args),
        )

    def name_of(self, one: Declaration) -> str:
        """The name as it is written: the end of the full one, or ``_root_.`` and all of it."""
        for name in (f"_root_.{one.name}", one.name.removeprefix(f"{one.scope.namespace}.")):
            if self.text.startswith(name, one.signature):
                return name
        return one.name

    def docstring(self, start: int) -> Json:
        begin = self.text.index("/--", start)
        end = self.text.index("-/", begin) + 2
        return _node("Lean.Parser.Command.docComment", self.atom(begin, begin + 3), self.atom(begin + 3, end))

    def body(self, value: int, one: Declaration) -> list[Json]:
        """``:=`` and the proof, or what else stands there."""
        if value < 0:
            return self.trimmed(one.proof, one.end)
        proof = self.text[one.proof : one.end]
        if proof.split(maxsplit=1)[:1] == ["by"]:
            tactic = _node(
                "Lean.Parser.Term.byTactic", self.atom(one.proof, one.proof + 2), *self.trimmed(one.proof + 2, one.end)
            )
            return [self.atom(value, value + 2), tactic]
        return [self.atom(value, value + 2), _node("Lean.Parser.Term.term", *self.trimmed(one.proof, one.end))]

    def trimmed(self, start: int, end: int) -> list[Json]:
        """The text of a stretch, without the blanks around it; nothing where there is none."""
        stretch = self.text[start:end]
        start += len(stretch) - len(stretch.lstrip())
        return [self.atom(start, start + len(stretch.strip()))] if stretch.strip() else []

    def atom(self, start: int, end: int, value: str | None = None) -> Json:
        return {"atom": {"info": self.info(start, end), "val": self.text[start:end] if value is None else value}}

    def ident(self, start: int, end: int) -> Json:
        word = self.text[start:end]
        return {"ident": {"info": self.info(start, end), "rawVal": word, "val": word, "preresolved": []}}

    def info(self, start: int, end: int) -> Json:
        place = {"leading": "", "pos": self.bytes[start], "trailing": "", "endPos": self.bytes[end]}
        return {"original": place}


def _node(kind: str, *args: Json) -> Json:
    return {"node": {"kind": kind, "info": "none", "args": list(args)}}
