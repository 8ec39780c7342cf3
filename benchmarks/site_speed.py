"""How long a site with the catalogue takes to build, beside one of as many hand-written pages, measured in turns.

Both sites have the same theme and the same search, and as many pages outside the nav: those of the catalogue (of 100,
of 1,000 and, with --large, of 5,000 packages, each with a decision), and pages of some paragraphs that stand in the
folder. Every build is a process of its own, as `mkdocs build` is run. Last comes what `whypin pages` takes.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.projects import make

CONFIG = """\
site_name: Bench
theme: {{name: material, font: false}}
plugins: [{plugins}]
nav: [index.md]
"""
WITH = CONFIG.format(plugins="search, whypin: {today: 2026-11-22}")
PLAIN = CONFIG.format(plugins="search")
NOT_IN_NAV = "not_in_nav: /pages/\n"
#: The words of a record in projects.py, as somebody would write them on a page.
PAGE = """\
# Hold {name} at 1.2.3

`1.2.3` in main, decided 2026-11-22 by data-platform, ml-serving. Review by 2027-05-22. [All]({other}.md)

## Why

Release 1.2.3 is the last one with the interface that the feature pipeline was validated
against. The next one changes the order of columns, and the regression suite caught it.

## What raised the question

The quarterly update brought a newer release into the staging environment.

## Options considered

- the next minor release: rejected. Columns change their order; three dashboards read them by position.

## Consequences

- Fixes of the newer release have to be ported where we need them.

## Exit criteria

- From 2027-06-01 on

## Before another version is taken

- `python -m pytest tests/regression -q`
"""


def catalogue(folder: Path, count: int) -> Path:
    """Write a project of `count` packages and as many records, with a site of its own; return the folder."""
    make(folder, count)
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text("# Bench\n")
    (folder / "mkdocs.yml").write_text(WITH)
    return folder


def plain(folder: Path, count: int) -> Path:
    """Write a site of `count` hand-written pages that are not in the nav; return the folder."""
    (folder / "docs/pages").mkdir(parents=True)
    (folder / "docs/index.md").write_text("# Bench\n")
    (folder / "mkdocs.yml").write_text(PLAIN + NOT_IN_NAV)
    for number in range(count):
        text = PAGE.format(name=f"package-{number:05}", other=f"page-{number * 7 % count:05}")
        (folder / f"docs/pages/page-{number:05}.md").write_text(text)
    return folder


def seconds(command: Sequence[str], folder: Path) -> float:
    """Return the wall time of one run; one that fails stops the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-800:]}{done.stderr[-800:]}")
    return took


def size(folder: Path) -> float:
    """Return what the files of a folder take, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def compare(place: Path, count: int, rounds: int) -> None:
    """Build both sites in turns and print a line for each."""
    build = [sys.executable, "-m", "mkdocs", "--quiet", "build"]
    ours = catalogue(place / "ours", count)
    seconds(build, ours)
    number = sum(1 for _ in (ours / "site").rglob("index.html")) - 1
    theirs = plain(place / "theirs", number)
    seconds(build, theirs)
    taken = [(seconds(build, ours), seconds(build, theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(times) for times in zip(*taken, strict=True))
    ratio = statistics.median(a / b for a, b in taken)
    index = (ours / "site/search/search_index.json").stat().st_size / 1e6
    print(f"{count:>6,} packages, {count:,} records: {number:,} pages")
    print(f"{'':8}with whypin {mine:>8.2f} s{size(ours / 'site'):>8.1f} MB, of it the search's index {index:.1f}")
    print(f"{'':8}by hand     {other:>8.2f} s{size(theirs / 'site'):>8.1f} MB")
    print(f"{'':8}{ratio:.2f} times as long")
    took = seconds([sys.executable, "-m", "whypin", "pages", "written"], ours)
    print(f"{'':8}whypin pages{took:>8.2f} s{size(ours / 'written'):>8.1f} MB")


def main() -> None:
    """Print three lines for each size."""
    sizes = {100: 5, 1000: 3} | ({5000: 1} if "--large" in sys.argv[1:] else {})
    for count, rounds in sizes.items():
        with tempfile.TemporaryDirectory() as place:
            compare(Path(place), count, rounds)
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
