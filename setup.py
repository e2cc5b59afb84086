"""What pyproject.toml cannot say: a package's description is README.md without the links that need a checkout."""

import re
from pathlib import Path

from setuptools import setup

MATH = re.compile(r"```math\n.*?\n```\n<!-- as text: (.*?) -->", re.DOTALL)
PICTURE = re.compile(r"<picture>.*?</picture>\n+", re.DOTALL)
LINK = re.compile(r"\[([^\]\n]+)\]\((?!https?://|#)([^)\s]+)\)")
NOTE = (
    "> The files named here, and what `make` and `lake` do, are those of the source distribution and the repository: the "
    "proofs in `lean/`, the pages in `docs/`, the examples in `examples/`. All that says `pybridge` or `import` is here.\n\n"
)


def described(readme: str) -> str:
    """README.md with each relative link as its text and the file that it leads to, each formula as text, and no picture."""
    readme = PICTURE.sub("", MATH.sub(lambda found: f"\n    {found[1]}\n", readme))
    head, _, rest = readme.partition("\n\n")

    def plain(link: re.Match[str]) -> str:
        text, target = link[1], link[2].partition("#")[0]
        bare = text.strip("`").partition(":")[0]
        return text if bare == target else f"{text} (`{target}`)"

    return f"{head}\n\n{NOTE}{LINK.sub(plain, rest)}"


if __name__ == "__main__":
    setup(
        long_description=described(Path(__file__).with_name("README.md").read_text(encoding="utf-8")),
        long_description_content_type="text/markdown",
    )
