"""The examples of the hand-written pages: run in a shell, page by page, beside copies of the projects they show."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DEMO = "tests/data/projects/demo"
LEVELS = "tests/data/projects/levels"

_FENCE = re.compile(r'^```(\w+)(?: title="(.*?)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_MARK = "\x01"
#: A line in a page for any number of lines that are left out.
ELLIPSIS = "…"


class Block(NamedTuple):
    """One fenced block of a page."""

    language: str
    title: str
    text: str


class Step(NamedTuple):
    """One command of a page, and what the page says that it prints."""

    command: str
    expected: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


def steps(block: Block) -> list[Step]:
    """Return the commands of a console block."""
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
    return [Step(command, expected) for command, expected in found]


def run(page: Path, folder: Path) -> list[str]:
    """Return what the commands of a page print, each by itself; what it shows as files is written as it goes."""
    checkout, tools = folder / "whypin", folder / "bin"
    for projects in (DEMO, LEVELS):
        shutil.copytree(ROOT / projects, checkout / projects)
    tools.mkdir()
    (tools / "whypin").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m whypin "$@"\n')
    (tools / "whypin").chmod(0o755)
    script = "".join(_script(block) for block in blocks(page))
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tools}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout.split(_MARK)[:-1]


def _script(block: Block) -> str:
    if block.language == "yaml" and block.title.startswith(("decisions/", "osv/")):
        return f"mkdir -p {block.title.partition('/')[0]}; cat > {block.title} <<'END'\n{block.text}END\n"
    if block.language == "console":
        marked = (f"{step.command}\n_code=$?; printf '\\001'; (exit $_code)\n" for step in steps(block))
        return "".join(marked)
    return ""


def agrees(expected: str, printed: str) -> bool:
    """Whether the output is what the page says; an ellipsis stands for any lines."""
    parts = [re.escape(part) for part in re.split(rf"^{ELLIPSIS}\n", expected, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*".join(parts), printed) is not None


def all_steps(page: Path) -> Sequence[Step]:
    """Return the commands of a page, in order."""
    return [step for block in blocks(page) if block.language == "console" for step in steps(block)]
