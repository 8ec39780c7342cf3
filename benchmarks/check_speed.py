"""How long `whypin check` takes as a whole process, beside programs that everybody knows, measured in one run.

Run it as `python -m benchmarks.check_speed` where whypin is installed: `make bench`, or from a wheel for figures
without the cost of an editable install. Every round runs all commands once, in turn, so that a machine that drifts
drifts for all of them; the ratios are of medians.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.projects import make

ROUNDS = 11
BIN = Path(sys.executable).parent
HELP = "import click\n@click.group()\ndef cli(): 'A group.'\n@cli.command()\ndef check(): 'A command.'\ncli(['--help'])"


def seconds(command: Sequence[str]) -> float:
    """Return the wall time of one run; a command that fails where it should not stops the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)[:120]} ended with {done.returncode}:\n{done.stdout[-800:]}{done.stderr[-800:]}")
    return took


def measure(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """Return the median of each command over rounds in which all are run in turn, after one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            took = seconds(command)
            if number:
                taken[name].append(took)
    return {name: statistics.median(times) for name, times in taken.items()}


def check(folder: Path) -> list[str]:
    """Return the command that checks a project."""
    return [str(BIN / "whypin"), "check", "--root", str(folder), "--today", "2026-11-22"]


def peers(folder: Path) -> dict[str, list[str]]:
    """Return the commands of other tools that look at the same records, of those that are installed."""
    records = sorted(str(path) for path in (folder / "decisions").glob("*.yaml"))
    schema = folder / "schema.json"
    printed = subprocess.run([sys.executable, "-m", "whypin", "schema"], capture_output=True, text=True, check=True)
    schema.write_text(printed.stdout)
    found = {
        "check-jsonschema, same records": ["check-jsonschema", "--schemafile", str(schema), *records],
        "yamllint, same records": ["yamllint", "-d", "{extends: relaxed, rules: {line-length: disable}}", *records],
    }
    return {
        name: [str(BIN / command[0]), *command[1:]] for name, command in found.items() if (BIN / command[0]).exists()
    }


def main() -> None:
    """Measure, and print one line a command."""
    with tempfile.TemporaryDirectory() as place:
        small, middle, large = (make(Path(place) / str(count), count) for count in (200, 1000, 5000))
        base = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "click --help": [sys.executable, "-c", HELP],
            "whypin check, 200 packages, 200 records": check(small),
        }
        medians = measure(base, ROUNDS)
        medians |= measure(
            {"whypin check, 1,000 and 1,000": check(middle), "whypin check, 5,000 and 5,000": check(large)}, 5
        )
        medians |= measure(peers(small), 3)
        shutil.rmtree(place, ignore_errors=True)
    print(f"{'median of whole processes':<44}{'ms':>8}{'x click --help':>16}{'x whypin, 200':>15}")
    for name, median in medians.items():
        against = [median / medians[other] for other in ("click --help", "whypin check, 200 packages, 200 records")]
        print(f"{name:<44}{median * 1000:>8.0f}{against[0]:>16.2f}{against[1]:>15.2f}")
    growth = medians["whypin check, 5,000 and 5,000"] / medians["whypin check, 1,000 and 1,000"]
    print(f"five times the packages and records takes {growth:.1f} times as long")


if __name__ == "__main__":
    main()
