"""The command ``schema``: the JSON Schemas of the export and of what the commands write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pybridge.cli.terminal import say
from pybridge.errors import OptionError

FOLDER = Path(__file__).resolve().parents[1] / "schemas"
"""Where the schemas are published; ``scripts/metadata.py`` writes them."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TERMS = "Statements, terms and kinds are JSON nodes that pybridge.export decodes; this schema takes any value for them."


def made() -> dict[str, dict[str, Any]]:
    """The schemas by name, made of the models."""
    from pydantic import BaseModel

    from pybridge.cli.documents import DOCUMENTS
    from pybridge.export.schema import Document

    models: dict[str, type[BaseModel]] = {"export": Document, **DOCUMENTS}
    found = {}
    for name, model in models.items():
        schema = model.model_json_schema(by_alias=True, mode="validation")
        if name == "export":
            schema["description"] = f"{schema.get('description', '')} {TERMS}".strip()
        found[name] = {"$schema": DIALECT, **schema}
    return found


def text(schema: dict[str, Any]) -> str:
    """A schema as it is published."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def published() -> dict[str, Path]:
    """The published schemas by name."""
    return {file.stem: file for file in sorted(FOLDER.glob("*.json"), key=lambda file: file.stem)}


def show(name: str | None) -> None:
    """Print a schema, or the names of all.

    Raises
    ------
    OptionError
        There is none of this name.
    """
    files = published()
    if name is None:
        say(files)
    elif name not in files:
        raise OptionError(f"there is no schema {name!r}", hint=f"there are {', '.join(files)}")
    else:
        say(files[name].read_text(encoding="utf-8").splitlines())
