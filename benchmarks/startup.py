"""What the start of each command costs, and what pytest costs more with the plugin: processor time, and modules imported.

``python benchmarks/startup.py [RUNS]``.  Every run is a process of its own, paired with the plain interpreter (or with pytest
without the plugin); of each the least of all runs is shown, which is what the machine's other work disturbs least. All modules
have their bytecode, as in an installed package: a first run of each, which is not counted, writes it into a folder of its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("sympy", "flint", "numpy", "pydantic", "rich", "typer")
COMMANDS = (
    ("--help",),
    ("--version",),
    ("list",),
    ("show", "mean"),
    ("show", "variance_nonneg"),
    ("check", "variance_nonneg", "--max-size", "2"),
)
MODULES = """
import sys
from pybridge.cli.app import main
sys.argv = ["pybridge", *sys.argv[1:]]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
INSIDE = """
import time, pytest
class Config:
    def getoption(self, name):
        return None if name == "--pybridge-export" else False
before = time.process_time()
from pybridge import pytest_plugin
pytest_plugin.pytest_load_initial_conftests()
pytest_plugin.pytest_report_header(Config())
print(time.process_time() - before)
"""
TEST = "def test_nothing():\n    pass\n"


_BYTECODE = tempfile.TemporaryDirectory()
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT |= {"PYTHONPYCACHEPREFIX": _BYTECODE.name, "PYTHONPATH": str(ROOT)}


def processor_time(*arguments: str, folder: Path = ROOT) -> float:
    """Seconds of user and system time that an interpreter with these arguments takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def imported(*arguments: str) -> list[str]:
    """The modules that a command has imported by its end."""
    command = [sys.executable, "-c", MODULES, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr.split()  # noqa: S603


def commands(runs: int) -> None:
    """Print a row for each command."""
    for command in COMMANDS:
        processor_time("-m", "pybridge", *command)
    bare = processor_time("-c", "pass")
    least = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(runs):
        bare = min(bare, processor_time("-c", "pass"))
        for command in COMMANDS:
            least[command] = min(least[command], processor_time("-m", "pybridge", *command))
    print(f"{'python -c pass':40}  {bare * 1000:6.0f} ms")
    for command in COMMANDS:
        modules = imported(*command)
        heavy = ", ".join(name for name in HEAVY if name in modules)
        took = f"{least[command] * 1000:6.0f} ms  {least[command] / bare:5.1f} times that"
        print(f"{'pybridge ' + ' '.join(command):40}  {took}  {len(modules):4} modules: {heavy}")


def plugin(runs: int) -> None:
    """Print what an empty session of pytest takes without the plugin, and with it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_nothing.py").write_text(TEST, encoding="utf-8")
        pytest = ("-m", "pytest", "-p", "no:cacheprovider")
        ways = {"without": (*pytest, "-p", "no:pybridge"), "with": pytest}
        for arguments in ways.values():
            processor_time(*arguments, folder=folder)
        least = dict.fromkeys(ways, float("inf"))
        for _ in range(runs):
            for way, arguments in ways.items():
                least[way] = min(least[way], processor_time(*arguments, folder=folder))
    for way, seconds in least.items():
        print(f"{'pytest, ' + way + ' the plugin':40}  {seconds * 1000:6.0f} ms")
    difference = least["with"] - least["without"]
    print(f"{'the difference':40}  {difference * 1000:6.0f} ms, where nothing else runs on the machine: it is a small one")
    inside = min(_inside() for _ in range(runs))
    print(f"{'the import of the plugin and its header':40}  {inside * 1000:6.0f} ms, by the clock of one process")


def _inside() -> float:
    done = subprocess.run([sys.executable, "-c", INSIDE], env=ENVIRONMENT, capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout)


if __name__ == "__main__":
    repeated = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    commands(repeated)
    plugin(repeated)
