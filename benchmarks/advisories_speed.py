"""How long advisories take: building the index, and what they add to `whypin check`, beside pip-audit's own start-up.

Run it as `python -m benchmarks.advisories_speed [EXPORT]` where whypin is installed; without an OSV export it takes the
one beside the checkout. pip-audit is measured where it is installed too. All are whole processes, run in turn.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.check_speed import BIN, ROUNDS, measure
from benchmarks.projects import make

PACKAGES = 500
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "advisories"


def whypin(*arguments: str) -> list[str]:
    """Return a command of whypin."""
    return [str(BIN / "whypin"), *arguments]


def names(export: Path) -> Iterator[str]:
    """Yield the packages that advisories are about, each once."""
    seen = set()
    with zipfile.ZipFile(export) as archive:
        for member in archive.namelist():
            for affected in json.loads(archive.read(member)).get("affected", ()):
                name = re.sub(r"[-_.]+", "-", affected["package"]["name"]).lower()
                if name not in seen:
                    seen.add(name)
                    yield name


def project(folder: Path, named: Sequence[str]) -> Path:
    """Write a project of 500 packages; advisories are about those that are named."""
    make(folder, PACKAGES)
    for path in (folder / "uv.lock", folder / "pyproject.toml"):
        text = path.read_text()
        for number, name in enumerate(named):
            text = text.replace(f"package-{number:05}", name)
        # Far above any fixed version: what is measured is the matching more than the printing of findings.
        path.write_text(re.sub(r'(?m)^(name = "[^"]*"\nversion = ")', r"\g<1>999", text))
    for path in (folder / "decisions").glob("*.yaml"):
        path.unlink()
    text = (folder / "pyproject.toml").read_text().replace('"all"', '"critical"')
    # Some advisories name no fixed version: a finding that fails would stop the benchmark.
    (folder / "pyproject.toml").write_text(f'{text}\n[tool.whypin.rules]\nWHY401 = "warning"\n')
    return folder


def main() -> None:
    """Measure, and print one line a command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path, nargs="?", help="an OSV export of PyPI, as a zip")
    export = parser.parse_args().export or next(iter(sorted(BESIDE.glob("*.zip"), reverse=True)), None)
    if export is None:
        print(f"skipped: there is no OSV export in {BESIDE}")
        return
    with tempfile.TemporaryDirectory() as place:
        known = list(names(export))
        index = str(Path(place) / "osv.index")
        some, every = (project(Path(place) / str(count), known[:count]) for count in (PACKAGES // 4, PACKAGES))
        check = whypin("check", "--root", str(some), "--today", "2026-11-22")
        worst = whypin("check", "--root", str(every), "--today", "2026-11-22")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "whypin advisories build": whypin("advisories", "build", str(export), "--output", index),
            f"whypin check, {PACKAGES} packages": check,
            "with advisories, about a quarter of them": [*check, "--advisories", index],
            "with advisories, about every one": [*worst, "--advisories", index],
        }
        if (BIN / "pip-audit").exists():
            commands["pip-audit --version"] = [str(BIN / "pip-audit"), "--version"]
        medians = measure(commands, ROUNDS)
    print(f"{'median of whole processes':<44}{'ms':>8}")
    for name, median in medians.items():
        print(f"{name:<44}{median * 1000:>8.0f}")
    for name in ("with advisories, about a quarter of them", "with advisories, about every one"):
        print(f"{name}: {(medians[name] - medians[f'whypin check, {PACKAGES} packages']) * 1000:.0f} ms more")


if __name__ == "__main__":
    main()
