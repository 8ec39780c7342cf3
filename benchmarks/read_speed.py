"""How fast each lock format is read, beside the bare parser on the same bytes, measured in one run.

Read is the largest lock of each format in the corpus beside the checkout: all that whypin needs of it, beside
`tomllib.loads`, `json.loads` or PyYAML's C loader, which give the tree and nothing more. Requirements files have no
bare parser: theirs is the packaging library, line by line. Without the corpus there is nothing to measure. The last
line is the guarded scan of a uv.lock alone, which is what `tomllib.loads` is to be compared with.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import yaml
from packaging.requirements import InvalidRequirement, Requirement

from whypin import locks
from whypin.syntax.toml_scan import scan

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
ROUNDS = 15


def _yaml(text: str) -> object:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _lines(text: str) -> list[Requirement]:
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        try:
            found.append(Requirement(line.partition(" #")[0].partition(" --hash")[0].strip()))
        except InvalidRequirement:
            continue
    return found


#: Format, glob of its locks below the corpus, the bare parser and its name.
FORMATS: tuple[tuple[str, str, Callable[[str], object], str], ...] = (
    ("uv", "**/*uv*.lock", tomllib.loads, "tomllib"),
    ("poetry", "**/poetry.lock", tomllib.loads, "tomllib"),
    ("pdm", "**/pdm.lock", tomllib.loads, "tomllib"),
    ("pylock", "**/pylock*.toml", tomllib.loads, "tomllib"),
    ("pipfile", "**/Pipfile.lock", json.loads, "json"),
    ("conda-lock", "**/conda-lock.yml", _yaml, "yaml, C"),
    ("pixi", "**/pixi.lock", _yaml, "yaml, C"),
    ("requirements", "**/requirements*.txt", _lines, "packaging"),
)


def largest(pattern: str) -> Path:
    """Return the largest file that matches."""
    return max((path for path in CORPUS.glob(pattern) if path.is_file()), key=lambda path: path.stat().st_size)


def milliseconds(work: Callable[[], object]) -> float:
    """Return what one call takes, garbage collection aside, as in `whypin check` itself."""
    gc.disable()
    start = time.perf_counter()
    work()
    took = time.perf_counter() - start
    gc.enable()
    return took * 1000


def compare(path: Path, bare: Callable[[str], object]) -> tuple[float, float]:
    """Return the medians of our reader and of the bare parser over rounds in which they take turns."""
    text = path.read_text(encoding="utf-8")
    load = lru_cache(lambda name: (path.parent / name).read_text(encoding="utf-8"))
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(ROUNDS + 1):
        forget()
        took = milliseconds(lambda: locks.read(text, path.name, load))
        other = milliseconds(lambda: bare(text))
        if number:
            ours.append(took)
            theirs.append(other)
    return statistics.median(ours), statistics.median(theirs)


def compare_scan(path: Path) -> tuple[float, float]:
    """Return the medians of the guarded scan and of tomllib, likewise in turns."""
    text = path.read_text(encoding="utf-8")
    pairs = [
        (milliseconds(lambda: scan(text, frozenset({"wheels", "sdist"}))), milliseconds(lambda: tomllib.loads(text)))
        for _ in range(ROUNDS)
    ]
    return statistics.median(ours for ours, _ in pairs), statistics.median(theirs for _, theirs in pairs)


def forget() -> None:
    """Empty the caches that would spare a reader its work."""
    for module in [found for name, found in sys.modules.items() if name.startswith("whypin.")]:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def main() -> None:
    """Print one line for each format."""
    if not CORPUS.is_dir():
        print("the corpus of real lock files is not beside the checkout: nothing to measure")
        return
    print(f"{'format':13}{'bytes':>10}{'ours':>11}{'MB/s':>7}   {'bare parser':20}{'ours / bare':>12}")
    for name, pattern, bare, called in FORMATS:
        path = largest(pattern)
        size = path.stat().st_size
        ours, theirs = compare(path, bare)
        line = f"{name:13}{size:>10,}{ours:>8.2f} ms{size / ours / 1000:>7.1f}   {f'{called} {theirs:.2f} ms':20}"
        print(f"{line}{ours / theirs:>12.2f}")
    alone, whole = compare_scan(largest("**/*uv*.lock"))
    print(f"uv, the scan alone: {alone:.2f} ms, tomllib {whole:.2f} ms: {whole / alone:.1f} times faster")


if __name__ == "__main__":
    main()
